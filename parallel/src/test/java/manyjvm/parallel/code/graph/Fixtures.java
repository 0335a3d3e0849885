package manyjvm.parallel.code.graph;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Classes as users write them. Tests load them a second time, by another loader, as a session's classes are in a worker. */
final class Fixtures {
    private Fixtures() {}

    record Point(int x, int y) {}

    record Nested<T>(String name, T value, List<Point> points, double[] numbers) {}

    record Checked(int value) {
        Checked {
            if (value < 0) {
                throw new IllegalArgumentException("negative");
            }
        }
    }

    enum Planet {
        EARTH,
        MARS {
            @Override
            String greeting() {
                return "red";
            }
        };

        String greeting() {
            return "blue";
        }
    }

    /** No constructor without arguments, not serializable, private and final fields of every kind. */
    static class Plain {
        private final boolean truth;
        private final byte small;
        private final char letter;
        private final short shorter;
        private final int number;
        private final long longer;
        private final float real;
        private final double precise;
        private final String text;
        private final Integer boxed;
        private transient String forgotten = "forgotten";
        protected Object other;

        Plain(int seed) {
            truth = true;
            small = (byte) seed;
            letter = (char) (seed + 'a');
            shorter = (short) -seed;
            number = seed * 1000;
            longer = seed * 1_000_000_000_000L;
            real = seed / 3f;
            precise = seed / 7d;
            text = "text " + seed;
            boxed = seed;
        }

        String state() {
            return truth + " " + small + letter + shorter + " " + number + " " + longer + " " + real + " " + precise
                    + " " + text + " " + boxed + " " + forgotten;
        }
    }

    static final class Derived extends Plain {
        private final String text;

        Derived(int seed, String text) {
            super(seed);
            this.text = text;
        }

        @Override
        String state() {
            return super.state() + " / " + text;
        }
    }

    static final class Outer {
        final int base;

        Outer(int base) {
            this.base = base;
        }

        final class Inner {
            int plus(int more) {
                return base + more;
            }
        }
    }

    static final class Link {
        Link next;
        int value;
    }

    static final class Tagged extends ArrayList<Object> {
        private static final long serialVersionUID = 1L;
        final String tag;

        Tagged(String tag) {
            this.tag = tag;
            add("made");
        }
    }

    static final class TaggedMap extends HashMap<String, Object> {
        private static final long serialVersionUID = 1L;
        String tag;
    }

    static final class LeastRecentlyUsed extends LinkedHashMap<String, Integer> {
        private static final long serialVersionUID = 1L;

        LeastRecentlyUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > 2;
        }
    }

    /** A list that computes its elements; its superclass is the JDK's and not serializable. */
    static final class Steps extends AbstractList<Integer> implements RandomAccess {
        private final int start;
        private final int step;
        private final int size;

        Steps(int start, int step, int size) {
            this.start = start;
            this.step = step;
            this.size = size;
        }

        @Override
        public Integer get(int index) {
            return start + step * index;
        }

        @Override
        public int size() {
            return size;
        }
    }

    static final class WithHooks implements Serializable {
        private static final long serialVersionUID = 1L;
        int kept;
        transient String rebuilt;

        WithHooks(int kept, String rebuilt) {
            this.kept = kept;
            this.rebuilt = rebuilt;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeUTF(rebuilt);
            out.writeLong(7L);
            out.writeObject(List.of("a", "b"));
            out.writeBoolean(true);
            out.writeDouble(0.5);
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            rebuilt = in.readUTF() + in.readLong() + in.readObject() + in.readBoolean() + in.readDouble();
        }
    }

    static final class Single implements Serializable {
        private static final long serialVersionUID = 1L;
        static final Single INSTANCE = new Single();

        private Object readResolve() {
            return INSTANCE;
        }
    }

    static final class Replaced implements Serializable {
        private static final long serialVersionUID = 1L;
        final transient int value;

        Replaced(int value) {
            this.value = value;
        }

        private Object writeReplace() {
            return new Form(value);
        }

        private record Form(int value) implements Serializable {
            private Object readResolve() {
                return new Replaced(value + 1);
            }
        }
    }

    public static final class External implements Externalizable {
        int value;
        Object other;

        public External() {}

        External(int value, Object other) {
            this.value = value;
            this.other = other;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeInt(value);
            out.writeObject(other);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            value = in.readInt();
            other = in.readObject();
        }
    }

    static final class Trouble extends Exception {
        private static final long serialVersionUID = 1L;
        final Point where;

        Trouble(String message, Throwable cause, Point where) {
            super(message, cause);
            this.where = where;
        }
    }

    static final class Client {
        Object socket;
        Map<String, Object> settings = new TreeMap<>();
    }

    record Order(String name, Client client) {}

    static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new java.io.NotSerializableException("never");
        }
    }

    interface Doubler extends Function<Integer, Integer>, Serializable {}

    interface Source<T> extends Supplier<T>, Serializable {}

    static Doubler doubler(Point offset) {
        return number -> 2 * number + offset.x();
    }

    static Source<Object> selfReturning() {
        Object[] box = new Object[1];
        Source<Object> self = () -> box[0];
        box[0] = self;
        return self;
    }

    static Object anonymous(int captured) {
        return new Object() {
            @Override
            public String toString() {
                return "anonymous " + captured;
            }
        };
    }

    /** What each of several objects says about itself, to compare across loaders. */
    static String describe(Object object) {
        if (object instanceof Plain plain) {
            return plain.state();
        } else if (object instanceof Outer.Inner inner) {
            return "inner " + inner.plus(1);
        } else if (object instanceof Tagged tagged) {
            return tagged.tag + tagged;
        } else if (object instanceof TaggedMap tagged) {
            return tagged.tag + tagged;
        } else if (object instanceof WithHooks hooks) {
            return hooks.kept + hooks.rebuilt;
        } else if (object instanceof Single single) {
            return "single " + (single == Single.INSTANCE);
        } else if (object instanceof Replaced replaced) {
            return "replaced " + replaced.value;
        } else if (object instanceof External external) {
            return external.value + " " + external.other;
        } else if (object instanceof Trouble trouble) {
            return trouble.getMessage() + trouble.where + trouble.getCause() + trouble.getStackTrace().length;
        } else if (object instanceof Nested<?> nested) {
            return nested.name + nested.value + nested.points + nested.numbers.length;
        } else if (object instanceof Planet planet) {
            return planet + planet.greeting() + (planet == Planet.valueOf(planet.name()));
        } else if (object instanceof Doubler doubler) {
            return "doubler " + doubler.apply(20);
        } else if (object instanceof LeastRecentlyUsed map) {
            map.get("b");
            map.put("d", 4);
            return map.toString();
        }
        return object.toString();
    }
}
