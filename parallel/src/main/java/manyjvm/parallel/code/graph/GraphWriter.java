package manyjvm.parallel.code.graph;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.CRC32C;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.bytes.Elements;
import manyjvm.parallel.bytes.SimpleValues;
import manyjvm.parallel.code.classes.RandomSources;
import manyjvm.parallel.code.lambda.LambdaForm;
import org.jspecify.annotations.Nullable;

/** Writes one graph, see {@link GraphFormat}. Used once, by one thread. */
final class GraphWriter {
    /** A value whose tag is written and whose parts are not all. */
    private static final class Open {
        final GraphPlan plan;
        final Object owner;
        final @Nullable Object[] parts;

        /** Whether the reader can only make it when all parts are there. */
        final boolean last;

        final int number;

        /** Where the parts of each class of a chain of superclasses end; null when they are one class's. */
        final int @Nullable [] ends;

        int next;

        Open(GraphPlan plan, Object owner, @Nullable Object[] parts, boolean last, int number, int @Nullable [] ends) {
            this.ends = ends;
            this.plan = plan;
            this.owner = owner;
            this.parts = parts;
            this.last = last;
            this.number = number;
        }
    }

    /** A long way to a culprit is cut in the message; no need to collect all of it. */
    private static final int LONGEST_PATH = 10_000;

    private final ObjectCodec.Host host;
    private final @Nullable Function<Object, String> blobs;
    private final ByteOutput output;
    private final GraphIdentities identities = new GraphIdentities();
    private final Map<Class<?>, Integer> classes = new HashMap<>();
    private final Map<Class<?>, Integer> shapes = new HashMap<>();
    private final Set<Class<?>> sessionClasses = new LinkedHashSet<>();
    private final List<Shared> shared = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<Integer, Open> openLast = new HashMap<>();
    private final Set<Object> innerLocks = Collections.newSetFromMap(new IdentityHashMap<>());
    private int lastNumber;
    private boolean random;
    private @Nullable HookOutput hooks; // null until an object needs it

    /** @param blobs takes large primitive arrays; null to keep them in the graph */
    GraphWriter(ObjectCodec.Host host, @Nullable Function<Object, String> blobs, ByteOutput output) {
        this.host = host;
        this.blobs = blobs;
        this.output = output;
    }

    Encoded write(@Nullable Object root) {
        try {
            output.writeByte(GraphFormat.VERSION);
            writeValue(root);
            while (!open.isEmpty()) {
                Open top = open.peek();
                if (top.next == top.parts.length) {
                    open.pop();
                    if (top.last) {
                        openLast.remove(top.number);
                    }
                } else {
                    writePart(top);
                }
            }
            CRC32C checksum = new CRC32C();
            checksum.update(output.backing(), 0, output.size());
            output.writeFixedInt((int) checksum.getValue());
        } catch (GraphPlan.Refused refused) {
            throw refusal(refused.culprit(), refused.advice(), refused.getCause());
        } catch (ByteOutput.TooLarge large) {
            throw refusal(
                    "makes the whole larger than 2 GiB",
                    "send it in parts, or put it into a manyjvm.parallel.SharedMemory or a file",
                    null);
        }
        return new Encoded(output.take(), sessionClasses, List.copyOf(shared));
    }

    /** Whether a source of random numbers was met, once all is written. */
    boolean hasRandomSource() {
        return random;
    }

    /** The objects met, once all is written. */
    GraphIdentities identities() {
        return identities;
    }

    /**
     * The refusal with the way to the culprit. What a library's object holds inside is no way that a user could go, so there
     * the way ends at the library's object.
     */
    private NotShippableException refusal(String culprit, String advice, @Nullable Throwable cause) {
        List<String> path = new ArrayList<>();
        for (Iterator<Open> from = open.descendingIterator(); from.hasNext() && path.size() < LONGEST_PATH; ) {
            Open step = from.next();
            Class<?> holder = step.plan.holder(step.next - 1, step.ends);
            if (holder != null && isForeign(holder)) {
                String holds =
                        culprit.startsWith("is ") ? "which holds " + culprit.substring(3) : "part of which " + culprit;
                return new EncodingFailure(
                        path,
                        TypeNames.article(step.owner.getClass()) + TypeNames.nameOf(step.owner.getClass()) + ", "
                                + holds,
                        "make one inside the function, or send the values that you need of it",
                        cause);
            }
            path.add(step.plan.step(step.owner, step.parts, step.next - 1));
        }
        return new EncodingFailure(path, culprit, advice, cause);
    }

    private boolean isForeign(Class<?> type) {
        return !TypeNames.isOfJdk(type) && (TypeNames.isOfThisLibrary(type) || host.isLibrary(type));
    }

    /** Whether what is written now is a part of a serializable library's object that its author put there. */
    boolean isInsideLibrary() {
        for (Open step : open) {
            Class<?> holder = step.plan.holder(step.next - 1, step.ends);
            if (holder != null && !TypeNames.isOfJdk(holder)) {
                return isForeign(holder) && Serializable.class.isAssignableFrom(holder);
            }
        }
        return false;
    }

    // ---- what plans use ---------------------------------------------------------------------------------------------

    ByteOutput output() {
        return output;
    }

    HookOutput hooks() throws IOException {
        if (hooks == null) {
            hooks = new HookOutput();
        }
        return hooks;
    }

    /** Gives a new object its number, and writes its tag. */
    void start(Object object, int tag) {
        lastNumber = identities.add(object);
        output.writeByte(tag);
    }

    /** The parts to write next, for the object that was numbered last. */
    void open(GraphPlan plan, Object owner, @Nullable Object[] parts, boolean last) {
        open(plan, owner, parts, last, null);
    }

    /** @param ends where the parts of each class of the owner's chain of superclasses end; null when they are one class's */
    void open(GraphPlan plan, Object owner, @Nullable Object[] parts, boolean last, int @Nullable [] ends) {
        Open next = new Open(plan, owner, parts, last, lastNumber, ends);
        if (last) {
            openLast.put(lastNumber, next);
        }
        open.push(next);
    }

    /** Notes a lock that travels unlocked as a part of a library's object: the user's own code must not come to hold it. */
    void addInnerLock(Object lock) {
        innerLocks.add(lock);
    }

    boolean isSessionClass(Class<?> type) {
        return host.isSessionClass(type);
    }

    void addShared(Shared object) {
        shared.add(object);
    }

    /** Writes a class: its number, and at the first time its dimensions and name. */
    void writeClass(Class<?> type) {
        Integer known = classes.get(type);
        if (known != null) {
            output.writeUnsigned(known);
            return;
        }
        output.writeUnsigned(classes.size());
        classes.put(type, classes.size());
        Class<?> element = type;
        int dimensions = 0;
        while (element.isArray()) {
            element = element.getComponentType();
            dimensions++;
        }
        output.writeUnsigned(dimensions);
        output.writeString(element.getName());
        meet(element);
    }

    private void meet(Class<?> type) {
        if (!type.isPrimitive() && host.isSessionClass(type)) {
            sessionClasses.add(type);
        }
    }

    /** Starts an object whose plan has a shape: the shape's number follows, at the first time with the names of the fields. */
    void start(Object object, ShapedPlan plan) {
        start(object, GraphFormat.OBJECT);
        Integer known = shapes.get(plan.type);
        if (known != null) {
            output.writeUnsigned(known);
            return;
        }
        output.writeUnsigned(shapes.size());
        shapes.put(plan.type, shapes.size());
        random |= RandomSources.repeats(plan.type);
        writeClass(plan.type);
        output.writeUnsigned(plan.levels().size());
        for (ShapedPlan.Level level : plan.levels()) {
            ShapedPlan.LevelShape shape = level.shape;
            output.writeString(shape.className());
            output.writeUnsigned(shape.names().length);
            for (int index = 0; index < shape.names().length; index++) {
                output.writeByte(shape.kinds()[index]);
                output.writeString(shape.names()[index]);
            }
        }
    }

    void writePrimitiveArray(Object array) {
        int length = Array.getLength(array);
        Class<?> element = array.getClass().getComponentType();
        if (blobs != null && (long) length * Elements.width(element) >= ObjectCodec.BLOB_BYTES) {
            start(array, GraphFormat.BLOB);
            output.writeString(blobs.apply(array));
            return;
        }
        start(array, GraphFormat.PRIMITIVE_ARRAY);
        output.writeByte(GraphFormat.primitive(element));
        output.writeUnsigned(length);
        output.writeElements(array);
    }

    void writeLambda(GraphPlan plan, Object lambda) {
        Class<?> type = lambda.getClass();
        Optional<LambdaForm> parts = host.takeApart(lambda);
        if (parts.isEmpty()) {
            throw new GraphPlan.Refused(
                    "is " + TypeNames.nameOf(type),
                    "it cannot be sent; write your own lambda, typed Fn, Task or Action"
                            + " or another Serializable interface",
                    null);
        }
        LambdaForm form = parts.get();
        start(lambda, GraphFormat.LAMBDA);
        output.writeString(form.site().text());
        output.writeUnsigned(form.captured().length);
        for (Class<?> implemented : type.getInterfaces()) {
            meet(implemented);
        }
        meet(type, form.site().capturingClass());
        meet(type, form.site().implementationClass());
        open(plan, lambda, form.captured(), true);
    }

    /** A class that a lambda names, as the lambda's own loader sees it. */
    private void meet(Class<?> lambda, String name) {
        try {
            meet(Class.forName(name, false, lambda.getClassLoader()));
        } catch (ClassNotFoundException missing) {
            throw new GraphPlan.Refused("is a lambda whose class " + name + " is gone", "define it again", missing);
        }
    }

    /**
     * Writes another object in the place of one, under the one's identity.
     *
     * @param plan how to write the replacement; null for the plan of its class
     */
    void replace(Object original, @Nullable Object replacement, @Nullable GraphPlan plan) throws Throwable {
        if (writeSimple(replacement) || replacement == null) { // null is simple
            return;
        }
        int known = identities.find(replacement);
        if (known >= 0) {
            writeReference(known);
        } else {
            (plan == null ? GraphPlan.of(replacement.getClass()) : plan).write(this, replacement);
            known = identities.find(replacement);
        }
        // A replacement that was itself replaced by a simple value has no number.
        if (known >= 0 && original != replacement) {
            identities.addAlias(original, known);
        }
    }

    // ---- values -----------------------------------------------------------------------------------------------------

    private void writePart(Open top) {
        Object part = top.parts[top.next];
        int run = part == null ? 0 : Runs.length(part, top.parts, top.next);
        int first = top.next++;
        if (run >= GraphFormat.SHORTEST_RUN) {
            Runs.write(output, top.parts, first, run);
            top.next = first + run;
            return;
        }
        writeValue(part);
    }

    /** Writes a simple value or any text; false, with nothing written, for what has an identity. */
    private boolean writeSimple(@Nullable Object value) {
        if (SimpleValues.write(output, value, GraphFormat.NUMBERED_STRING_LENGTH - 1)) {
            return true;
        }
        if (!(value instanceof String text)) {
            return false;
        }
        int known = identities.find(text);
        if (known >= 0) {
            writeReference(known);
        } else {
            start(text, GraphFormat.NUMBERED_STRING);
            output.writeString(text);
        }
        return true;
    }

    private void writeReference(int number) {
        Open target = openLast.get(number);
        if (target != null && needsItselfMade(target)) {
            throw new GraphPlan.Refused(
                    "leads back to a " + TypeNames.nameOf(target.owner.getClass())
                            + " that it is part of, and both can only be made when all their parts are there",
                    "put an object with fields, a list or an array in between",
                    null);
        }
        output.writeByte(GraphFormat.REFERENCE);
        output.writeUnsigned(number);
    }

    /** Whether all that lies open below the target, and refers to it now, can only be made when all its parts are. */
    private boolean needsItselfMade(Open target) {
        for (Open step : open) {
            if (!step.last) {
                return false;
            }
            if (step == target) {
                break;
            }
        }
        return true;
    }

    private void writeValue(@Nullable Object value) {
        if (writeSimple(value) || value == null) { // null is simple
            return;
        }
        int known = identities.find(value);
        if (known >= 0) {
            if (!innerLocks.isEmpty() && innerLocks.contains(value) && !isInsideLibrary()) {
                ((StandInPlans.LockPlan) GraphPlan.of(value.getClass())).refuse();
            }
            writeReference(known);
            return;
        }
        try {
            GraphPlan.of(value.getClass()).write(this, value);
        } catch (GraphPlan.Refused | ByteOutput.TooLarge refused) {
            throw refused;
        } catch (Error error) {
            throw error;
        } catch (Throwable failure) {
            String said = failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")";
            throw new GraphPlan.Refused(
                    "is a " + TypeNames.nameOf(value.getClass()) + " that could not be read: "
                            + failure.getClass().getName() + said,
                    "it may have been changed while it was sent, or says itself that it cannot be sent",
                    failure);
        }
    }
}
