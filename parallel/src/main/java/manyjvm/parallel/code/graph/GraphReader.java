package manyjvm.parallel.code.graph;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.HandleForm;
import manyjvm.parallel.bytes.SimpleValues;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.LambdaSite;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import org.jspecify.annotations.Nullable;

/** Reads one graph, see {@link GraphFormat}. Used once, by one thread. */
final class GraphReader {
    /** Reads the start of a value and opens it. */
    @FunctionalInterface
    interface Opener {
        void open(GraphReader reader) throws Throwable;
    }

    /** Makes a value of its parts, or fills its shell. */
    @FunctionalInterface
    interface Finisher {
        @Nullable
        Object finish(@Nullable Object shell, @Nullable Object[] parts) throws Throwable;
    }

    /** For what is complete when its parts have come. Not a lambda, which would cost a fresh JVM some milliseconds. */
    private enum Filled implements Finisher {
        AS_IT_IS;

        @Override
        public @Nullable Object finish(@Nullable Object shell, @Nullable Object[] parts) {
            return shell;
        }
    }

    /** Nothing to put into the open value: a new one was opened, or a run has filled its parts. */
    private static final Object NOTHING = new Object();

    private final ObjectCodec.Host host;
    private final ByteInput input;
    private final Deque<OpenValue> open = new ArrayDeque<>();
    private final List<OpenValue> late = new ArrayList<>();
    private final List<Class<?>> classes = new ArrayList<>();
    private final List<Opener> shapes = new ArrayList<>();
    private @Nullable Object[] numbered = new @Nullable Object[16];
    private int numbers;
    private long promised;
    private @Nullable HookInput hooks; // null until an object needs it
    private int openNumber;

    GraphReader(ObjectCodec.Host host, byte[] bytes) {
        this.host = host;
        int end = bytes.length - 4;
        if (end < 2) {
            throw new ByteInput.Damaged("only " + bytes.length + " bytes");
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, end);
        if (new ByteInput(bytes, end, bytes.length).readFixedInt() != (int) checksum.getValue()) {
            throw new ByteInput.Damaged("the checksum of " + bytes.length + " bytes is wrong");
        }
        this.input = new ByteInput(bytes, 0, end);
    }

    @Nullable
    Object read() {
        if (input.readByte() != GraphFormat.VERSION) {
            throw input.damaged("not this version's format");
        }
        Object value = readValue();
        while (true) {
            OpenValue top = open.peek();
            if (top == null) {
                if (value != NOTHING) {
                    break;
                }
                throw input.damaged("a run outside of any value");
            }
            if (value != NOTHING) {
                put(top, value);
            }
            value = top.filled == top.parts.length ? finish(open.pop()) : readValue();
        }
        if (input.remaining() > 0) {
            throw input.damaged("bytes after the end");
        }
        if (!late.isEmpty()) {
            fillGaps();
            value = value instanceof OpenValue root ? numbered[root.number] : value;
        }
        if (hooks != null) {
            try {
                hooks.validate();
            } catch (InvalidObjectException invalid) {
                throw new NotShippableException("what arrived is not valid: " + invalid.getMessage(), invalid);
            }
        }
        return value;
    }

    // ---- what plans use ---------------------------------------------------------------------------------------------

    ByteInput input() {
        return input;
    }

    HookInput hooks() throws IOException {
        if (hooks == null) {
            hooks = new HookInput();
        }
        return hooks;
    }

    /** Opens the value whose tag was read last. */
    void open(@Nullable Object shell, @Nullable Object[] parts, int length, Finisher finisher) {
        push(new OpenValue(finisher, shell, parts, openNumber, shell == null), length);
    }

    /** As {@link #open}; makes the array of the parts itself, once their number is known to be possible. */
    void openHooked(Object shell, int length, boolean resolved, Finisher finisher) {
        promise(length);
        push(new OpenValue(finisher, shell, new @Nullable Object[length], openNumber, resolved), 0);
    }

    private void push(OpenValue next, int length) {
        promise(length);
        numbered[next.number] = next.last ? next : next.shell;
        open.push(next);
    }

    /** Every part takes at least one byte, so more parts than bytes are never promised. */
    private void promise(int length) {
        promised += length;
        if (promised > input.remaining()) {
            throw input.damaged(promised + " parts promised, " + input.remaining() + " bytes left");
        }
    }

    // ---- the open values --------------------------------------------------------------------------------------------

    private void put(OpenValue top, @Nullable Object value) {
        if (value instanceof OpenValue unmade) {
            top.addGap(input, unmade.number);
        } else {
            top.add(input, value);
        }
    }

    /** The value that is made of all its parts; itself when it has to wait for another. */
    private @Nullable Object finish(OpenValue top) {
        if (top.hasGaps()) {
            late.add(top);
            return top.last ? top : top.shell;
        }
        Object value = call(top);
        numbered[top.number] = value;
        return value;
    }

    /** Finishes what was part of a cycle, each when what it waits for is made. */
    private void fillGaps() {
        boolean unresolved = false;
        while (!late.isEmpty()) {
            boolean progress = false;
            for (Iterator<OpenValue> all = late.iterator(); all.hasNext(); ) {
                OpenValue next = all.next();
                if (next.fillGaps(input, numbered, unresolved)) {
                    numbered[next.number] = call(next);
                    all.remove();
                    progress = true;
                    unresolved = false;
                }
            }
            if (!progress) {
                if (unresolved) {
                    throw input.damaged("a cycle of values that can only be made last");
                }
                // As Java serialization does: within its own cycle, what has a readResolve is seen unresolved.
                unresolved = true;
            }
        }
    }

    private @Nullable Object call(OpenValue top) {
        try {
            return top.finisher.finish(top.shell, top.parts);
        } catch (Throwable failure) {
            throw failed(
                    top.shell == null
                            ? "an object"
                            : "a " + top.shell.getClass().getName(),
                    failure);
        }
    }

    private static RuntimeException failed(String what, Throwable failure) {
        Throwable cause = failure instanceof InvocationTargetException ? failure.getCause() : failure;
        if (cause instanceof VirtualMachineError || cause instanceof ThreadDeath) {
            throw (Error) cause;
        }
        if (cause instanceof ByteInput.Damaged damaged) {
            return damaged;
        }
        if (cause instanceof NotShippableException known) {
            return known;
        }
        return new NotShippableException("cannot rebuild " + what + " that was sent: " + cause, cause);
    }

    private int nextNumber() {
        if (numbers == numbered.length) {
            numbered = Arrays.copyOf(numbered, 2 * numbered.length);
        }
        return numbers++;
    }

    private @Nullable Object keep(@Nullable Object value) {
        int number = nextNumber();
        numbered[number] = value;
        return value;
    }

    // ---- values -----------------------------------------------------------------------------------------------------

    private @Nullable Object readValue() {
        int tag = input.readByte();
        if (!open.isEmpty() && (tag < GraphFormat.RUN_OF_INTEGERS || tag > GraphFormat.RUN_OF_STRINGS)) {
            promised--;
        }
        try {
            return readValue(tag);
        } catch (Throwable failure) {
            throw failed("a value", failure);
        }
    }

    private @Nullable Object readValue(int tag) throws Throwable {
        if (tag <= SimpleValues.LAST) {
            return SimpleValues.read(input, tag);
        }
        switch (tag) {
            case GraphFormat.NUMBERED_STRING:
                return keep(input.readString());
            case GraphFormat.REFERENCE:
                return readReference();
            case GraphFormat.RUN_OF_INTEGERS:
            case GraphFormat.RUN_OF_LONGS:
            case GraphFormat.RUN_OF_DOUBLES:
            case GraphFormat.RUN_OF_STRINGS:
                readRun(tag);
                return NOTHING;
            case GraphFormat.PRIMITIVE_ARRAY:
                int element = input.readByte();
                if (element >= GraphFormat.PRIMITIVES.length) {
                    throw input.damaged("an array of type " + element);
                }
                return keep(input.readElements(GraphFormat.PRIMITIVES[element], input.readCount()));
            case GraphFormat.BLOB:
                return keep(host.blob(input.readString()));
            case GraphFormat.CLASS:
                return keep(readClass());
            case GraphFormat.ENUM:
                return keep(readEnum(readClass(), input.readString()));
            case GraphFormat.SHARED:
                return keep(host.link(HandleForm.read(input)));
            default:
                openNumber = nextNumber();
                open(tag);
                return NOTHING;
        }
    }

    private void open(int tag) throws Throwable {
        switch (tag) {
            case GraphFormat.OBJECT_ARRAY -> {
                Class<?> element = readClass();
                int length = input.readCount();
                promise(length);
                if (element.isPrimitive()) {
                    throw input.damaged("objects in an array of " + element);
                }
                @Nullable Object[] array = (@Nullable Object[]) Array.newInstance(element, length);
                push(new OpenValue(Filled.AS_IT_IS, array, array, openNumber, false), 0);
            }
            case GraphFormat.CONTAINER -> {
                GraphContainer container = GraphContainer.ofKind(input.readCount());
                if (container == null) {
                    throw input.damaged("an unknown container");
                }
                int length = input.readCount();
                promise(length);
                @Nullable Object[] parts = new @Nullable Object[length];
                Object shell = container.shell(parts);
                push(new OpenValue(container, shell, parts, openNumber, shell == null), 0);
            }
            case GraphFormat.OBJECT -> readShape().open(this);
            case GraphFormat.LAMBDA -> openLambda();
            case GraphFormat.PROXY -> {
                int count = input.readCount();
                List<Class<?>> interfaces = new ArrayList<>();
                for (int index = 0; index < count; index++) {
                    interfaces.add(readClass());
                }
                open(
                        null,
                        new @Nullable Object[1],
                        1,
                        (shell, parts) -> Proxy.newProxyInstance(
                                host.loader(), interfaces.toArray(Class<?>[]::new), (InvocationHandler) parts[0]));
            }
            default -> throw input.damaged("unknown tag " + tag);
        }
    }

    private void openLambda() {
        LambdaSite site = new LambdaSite(input.readString());
        int captured = input.readCount();
        promise(captured);
        Finisher rebuild = (shell, parts) -> SerializedLambdas.rebuild(new LambdaForm(site, parts), host.loader());
        push(new OpenValue(rebuild, null, new @Nullable Object[captured], openNumber, true), 0);
    }

    private @Nullable Object readReference() {
        int number = input.readCount();
        if (number >= numbers) {
            throw input.damaged("a reference to what has not come yet");
        }
        Object value = numbered[number];
        if (!(value instanceof OpenValue)) {
            return value;
        }
        if (open.isEmpty()) {
            throw input.damaged("a reference outside of any value");
        }
        return value;
    }

    private void readRun(int tag) {
        OpenValue top = open.peek();
        int length = input.readCount();
        if (top == null || length > top.parts.length - top.filled) {
            throw input.damaged("a run of " + length + " values that is too long");
        }
        promised -= length;
        for (int index = 0; index < length; index++) {
            top.add(input, Runs.next(input, tag));
        }
    }

    private Class<?> readClass() {
        int number = input.readCount();
        if (number < classes.size()) {
            return classes.get(number);
        }
        if (number > classes.size()) {
            throw input.damaged("a class that has not come yet");
        }
        int dimensions = input.readCount();
        if (dimensions > 255) {
            throw input.damaged("an array of " + dimensions + " dimensions");
        }
        Class<?> type = find(input.readString());
        for (int index = 0; index < dimensions; index++) {
            type = type.arrayType();
        }
        classes.add(type);
        return type;
    }

    private Class<?> find(String name) {
        for (Class<?> primitive : GraphFormat.PRIMITIVES) {
            if (primitive.getName().equals(name)) {
                return primitive;
            }
        }
        try {
            return host.find(name);
        } catch (ClassNotFoundException | LinkageError missing) {
            throw new NotShippableException(
                    "cannot rebuild what was sent: the class " + name
                            + " is not known in this JVM. If it is from a jar, the"
                            + " jar must be on the class path of both sides",
                    missing);
        }
    }

    private Object readEnum(Class<?> type, String name) {
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(name)) {
                    return constant;
                }
            }
        }
        throw new NotShippableException("cannot rebuild what was sent: " + type.getName() + " has no constant " + name
                + " in this JVM: " + GraphPlan.SAME_JARS);
    }

    private Opener readShape() throws ReflectiveOperationException {
        int number = input.readCount();
        if (number < shapes.size()) {
            return shapes.get(number);
        }
        if (number > shapes.size()) {
            throw input.damaged("a shape that has not come yet");
        }
        Class<?> type = readClass();
        int levels = input.readCount();
        List<ShapedPlan.LevelShape> sent = new ArrayList<>();
        for (int level = 0; level < levels; level++) {
            String className = input.readString();
            int count = input.readCount();
            List<String> names = new ArrayList<>();
            StringBuilder kinds = new StringBuilder();
            for (int index = 0; index < count; index++) {
                kinds.append((char) input.readByte());
                names.add(input.readString());
            }
            sent.add(new ShapedPlan.LevelShape(
                    className, names.toArray(String[]::new), kinds.toString().toCharArray()));
        }
        Opener opener = GraphPlan.shaped(type).bind(sent);
        shapes.add(opener);
        return opener;
    }
}
