package manyjvm.parallel.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.RandomSources;
import manyjvm.parallel.code.closure.Closure;
import manyjvm.parallel.code.closure.Root;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.EncodingFailure;
import manyjvm.parallel.code.graph.ObjectCodec;
import manyjvm.parallel.code.graph.TypeNames;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.SerializedLambdas;
import org.jspecify.annotations.Nullable;

/**
 * One call of a {@link SessionPacker}: a codec, and notes of the lambdas that it met. Used by one thread.
 */
final class Packing {
    /** First element of an encoded argument that brings variables along: {mark, names, argument, values...}. */
    static final String ARGUMENT_WITH_VARIABLES = "manyjvm: argument with variables";

    /** First element of a graph some of whose variables are set before the rest is decoded: {mark, graph, values...}. */
    static final String EARLY_VARIABLES = "manyjvm: early variables";

    /** Elements before the values in such a graph. */
    static final int EARLY_PARTS = 2;

    /** Texts that tell a field in {@code names}: its class, its name, its version, its group. */
    static final int FIELD_PARTS = 4;

    /** Elements before the values in such an argument. */
    static final int ARGUMENT_PARTS = 3;

    /** What the values that a lambda captured are called together. */
    static final String CAPTURED = "what the lambda captured"; // no name of a variable

    /** What is done with what cannot travel: a submission ends with the first of it. */
    interface Refusals {
        Refusals THROWN = (name, why) -> {
            throw why;
        };

        /** The variables are encoded anew, so that what has been told of them before does not count. */
        default void begin() {}

        /** @param name of the variable, {@link #CAPTURED}, or empty for the function itself */
        void refused(String name, NotShippableException why);
    }

    /** @param form the function, if it is a lambda */
    record Packed(Snapshot snapshot, List<VariableContent> contents, Optional<LambdaForm> form, Bundle bundle) {}

    private final Session session;
    private final CopiedObjects copies;
    private final Refusals refusals;
    private final ObjectCodec codec;

    /** Where the code of the lambdas that the codec met starts, since {@link #forget}. */
    private final Set<Root> met = new LinkedHashSet<>();

    /** Final variables that held something which cannot travel, when the variables were last encoded. */
    private final List<Copied> staying = new ArrayList<>();

    Packing(Session session, CopiedObjects copies) {
        this(session, copies, Refusals.THROWN);
    }

    Packing(Session session, CopiedObjects copies, Refusals refusals) {
        this.session = session;
        this.copies = copies;
        this.refusals = refusals;
        this.codec = new ObjectCodec(new SessionHost(session) {
            @Override
            public Optional<LambdaForm> takeApart(Object lambda) {
                Optional<LambdaForm> form = super.takeApart(lambda);
                if (form.isPresent()) {
                    met.addAll(session.rootsOf(lambda, form.get()));
                }
                return form;
            }
        });
    }

    private void forget() {
        met.clear();
    }

    /** Adds what an encoding met, beside the lambdas. */
    private boolean gather(Encoded encoded, Set<Root> roots) {
        boolean grew = false;
        for (Class<?> type : encoded.classes()) {
            grew |= session.isSessionClass(type) && roots.add(new Root.OfClass(type));
        }
        return grew;
    }

    /** Adds the lambdas that were met since the last {@link #forget}. */
    private boolean gatherLambdas(Set<Root> roots) {
        return roots.addAll(met);
    }

    /**
     * Encodes each variable by itself.
     *
     * @param blobs null to keep large arrays in the graphs
     * @return those that travel
     */
    private List<VariableContent> contents(
            Snapshot snapshot, Predicate<Closure.Variable> wanted, @Nullable BundleBlobs blobs) {
        List<Closure.Variable> variables = snapshot.closure().variables();
        List<VariableContent> contents = new ArrayList<>(variables.size());
        staying.clear();
        refusals.begin();
        for (int i = 0; i < variables.size(); i++) {
            Closure.Variable variable = variables.get(i);
            if (wanted.test(variable) && !session.isMadeAnew(variable)) {
                boolean early = snapshot.closure().early().contains(i);
                content(variable, snapshot.values()[i], early, blobs).ifPresent(contents::add);
            }
        }
        return contents;
    }

    /** Told of where the value is not itself of a kind that stays: part of it might have travelled, for all the user knows. */
    private void stays(Closure.Variable variable, EncodingFailure failure) {
        if (failure.path().isEmpty()) {
            session.madeAnew(variable);
        } else {
            staying.add(Copied.madeAnew(variable.shownName(), failure.describe(variable.shownName(), 0)));
        }
    }

    private Optional<VariableContent> content(
            Closure.Variable variable, @Nullable Object value, boolean early, @Nullable BundleBlobs blobs) {
        if (value == Snapshot.UNREAD) {
            return Optional.of(new VariableContent(variable, null, early, "", null));
        }
        if (variable.isFinal()
                && variable.ofConstant()
                && !session.closures.facts(variable.owner()).computesConstants()
                && Unchanging.is(value)) {
            session.madeAnew(variable); // the same in each worker, and it costs nothing
            return Optional.empty();
        }
        Optional<String> simple = Version.ofSimple(variable.descriptor(), value);
        if (simple.isPresent()) {
            return Optional.of(new VariableContent(variable, value, early, simple.get(), null));
        }
        if (variable.isFinal() && RandomSources.isOne(value)) {
            session.madeAnew(variable); // with numbers of its own in each worker, unless its seed is given
            return Optional.empty();
        }
        int before = blobs == null ? 0 : blobs.size();
        try {
            ObjectCodec.Part part = codec.encodePart(value, blobs);
            String version =
                    Version.ofGraph(variable.descriptor(), part.encoded().bytes(), blobs);
            List<Bundle.BlobReference> own =
                    blobs == null ? List.of() : List.copyOf(blobs.subList(before, blobs.size()));
            return Optional.of(new VariableContent(variable, value, early, version, part, own));
        } catch (NotShippableException refused) {
            if (!variable.isFinal() && variable.isRead()) {
                refusals.refused(variable.shownName(), named(refused, variable));
                return Optional.empty();
            }
            if (variable.isFinal() && refused instanceof EncodingFailure failure) {
                stays(variable, failure);
            }
            return Optional.empty();
        }
    }

    private static String[] apart(List<VariableContent> contents) {
        String[] groups = new String[contents.size()];
        Arrays.fill(groups, Bundle.StaticField.APART);
        return groups;
    }

    /**
     * Names the groups of the variables that share objects, by what they share and how.
     *
     * @param other the graph of the function or of the argument
     * @return whether there are any
     */
    private boolean group(
            List<VariableContent> contents, ObjectCodec.Part other, String[] groups, @Nullable BundleBlobs blobs) {
        if (groups.length == 0) {
            return false;
        }
        int[] numbers = VariableContent.connected(contents, other);
        Map<Integer, List<VariableContent>> members = new HashMap<>();
        for (int i = 0; i < groups.length; i++) {
            members.computeIfAbsent(numbers[i], absent -> new ArrayList<>()).add(contents.get(i));
        }
        Map<Integer, String> names = new HashMap<>();
        for (int i = 0; i < groups.length; i++) {
            List<VariableContent> together = members.getOrDefault(numbers[i], List.of());
            if (numbers[i] == numbers[groups.length]) {
                groups[i] = Bundle.StaticField.WITH_FUNCTION;
            } else if (together.size() > 1) {
                groups[i] = names.computeIfAbsent(numbers[i], number -> groupOf(together, blobs));
            }
        }
        return Arrays.stream(groups).anyMatch(group -> !group.equals(Bundle.StaticField.APART));
    }

    private String groupOf(List<VariableContent> members, @Nullable BundleBlobs blobs) {
        List<VariableContent> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(content -> content.field("").toString()));
        String names =
                sorted.stream().map(content -> content.field("").toString()).collect(Collectors.joining());
        @Nullable Object[] values = sorted.stream().map(VariableContent::value).toArray();
        return Version.ofGraph(names, codec.encodePart(values, blobs).encoded().bytes());
    }

    /**
     * @param references makes the references of classes
     * @param newBlobs makes what keeps the large arrays of a bundle
     */
    Packed pack(
            Object function,
            Function<Collection<Class<?>>, List<Bundle.ClassReference>> references,
            Supplier<BundleBlobs> newBlobs) {
        Objects.requireNonNull(function, "there is no function to send: it is null");
        Optional<LambdaForm> form = Optional.empty();
        if (SerializedLambdas.isLambda(function)) {
            form = SerializedLambdas.takeApart(function);
            if (form.isEmpty()) {
                throw untakeable(function);
            }
        }
        Set<Root> roots = new LinkedHashSet<>();
        session.follow(function, roots);
        while (true) {
            Snapshot snapshot = session.snapshot(roots);
            BundleBlobs blobs = newBlobs.get();
            forget();
            List<VariableContent> contents = contents(snapshot, variable -> true, blobs);
            boolean grew = gatherLambdas(roots);
            for (VariableContent content : contents) {
                grew |= content.part() != null && gather(content.part().encoded(), roots);
            }
            if (grew) {
                continue;
            }
            // As itself where a variable holds the same lambda, so that both stay one.
            boolean parts = form.isPresent() && contents.stream().noneMatch(each -> each.value() == function);
            Object slot = parts ? form.get().captured() : function;
            String[] groups = apart(contents);
            ObjectCodec.Part all;
            try {
                all = codec.encodePart(VariableContent.graph(contents, groups, slot), blobs);
                if (group(contents, all, groups, blobs)) {
                    all = codec.encodePart(VariableContent.graph(contents, groups, slot), blobs);
                }
            } catch (NotShippableException refused) {
                refusals.refused(parts ? CAPTURED : "", named(refused, parts));
                all = codec.encodePart(VariableContent.graph(contents, groups, new Object[1]), blobs);
            }
            if (gather(all.encoded(), roots) | gatherLambdas(roots)) {
                continue;
            }
            List<Copied> copied = copies.of(snapshot, contents, form, all.hasRandomSource(), staying);
            String site = parts ? form.get().site().text() : "";
            CodeBase base = session.base(function.getClass(), snapshot.closure(), site, references);
            Bundle bundle = bundle(snapshot.closure(), base, contents, groups, all.encoded(), blobs, copied);
            return new Packed(snapshot, contents, form, bundle);
        }
    }

    /** By identity: two maps of a manager are not one because they have the same entries, which other JVMs would be asked for. */
    private static Set<Shared> handles(Encoded encoded) {
        Set<Shared> handles = Collections.newSetFromMap(new IdentityHashMap<>());
        handles.addAll(encoded.shared());
        return handles;
    }

    private Bundle bundle(
            Closure closure,
            CodeBase base,
            List<VariableContent> contents,
            String[] groups,
            Encoded all,
            BundleBlobs blobs,
            List<Copied> copied) {
        byte[] graph = all.bytes();
        Set<Shared> shared = handles(all);
        List<Bundle.StaticField> fields = new ArrayList<>(groups.length);
        List<Bundle.Weight> weights = new ArrayList<>();
        @Nullable Object[] early = new @Nullable Object[EARLY_PARTS + groups.length];
        boolean anyEarly = false;
        for (int i = 0; i < groups.length; i++) {
            VariableContent content = contents.get(i);
            fields.add(content.field(groups[i]));
            if (content.part() != null) {
                shared.addAll(content.part().encoded().shared());
            }
            content.weigh(blobs, weights);
            if (content.early()) {
                early[EARLY_PARTS + i] = content.value();
                anyEarly = true;
            }
        }
        if (anyEarly) {
            early[0] = EARLY_VARIABLES;
            early[1] = graph;
            graph = codec.encode(early).bytes();
        }
        return new Bundle(base, fields, graph, blobs, List.copyOf(shared), closure.written(), copied, weights);
    }

    /** An argument whose code uses variables that the submission's function does not use brings them along. */
    Encoded encodeArgument(@Nullable Object value, List<Bundle.StaticField> known) {
        forget();
        ObjectCodec.Part alone = codec.encodePart(value, null);
        Set<Root> roots = new LinkedHashSet<>();
        if (!(gather(alone.encoded(), roots) | gatherLambdas(roots))) {
            return alone.encoded();
        }
        while (true) {
            Snapshot snapshot = session.snapshot(roots);
            Set<Class<?>> classes = snapshot.closure().classes();
            forget();
            List<VariableContent> contents = contents(snapshot, variable -> !isAmong(variable, known), null);
            Set<Shared> shared = handles(alone.encoded());
            boolean grew = gatherLambdas(roots);
            for (VariableContent content : contents) {
                if (content.part() != null) {
                    grew |= gather(content.part().encoded(), roots);
                    shared.addAll(content.part().encoded().shared());
                }
            }
            if (grew) {
                continue;
            }
            if (contents.isEmpty()) {
                return new Encoded(alone.encoded().bytes(), classes, List.copyOf(shared));
            }
            String[] groups = apart(contents);
            group(contents, alone, groups, null);
            String[] names = new String[FIELD_PARTS * groups.length];
            for (int i = 0; i < groups.length; i++) {
                Bundle.StaticField field = contents.get(i).field(groups[i]);
                names[FIELD_PARTS * i] = field.className();
                names[FIELD_PARTS * i + 1] = field.fieldName();
                names[FIELD_PARTS * i + 2] = field.version();
                names[FIELD_PARTS * i + 3] = field.group();
            }
            Encoded all = codec.encode(VariableContent.graph(contents, groups, ARGUMENT_WITH_VARIABLES, names, value));
            return new Encoded(all.bytes(), classes, List.copyOf(shared));
        }
    }

    private static boolean isAmong(Closure.Variable variable, List<Bundle.StaticField> fields) {
        for (Bundle.StaticField field : fields) {
            if (field.fieldName().equals(variable.name())
                    && field.className().equals(variable.owner().getName())) {
                return true;
            }
        }
        return false;
    }

    private static NotShippableException untakeable(Object lambda) {
        Class<?> type = lambda.getClass();
        String maker = type.getName().substring(0, type.getName().indexOf("$$Lambda"));
        if (TypeNames.isOfJdk(type)) {
            return new NotShippableException("cannot send the function: it is a lambda made inside " + maker
                    + ", which cannot be sent. Write your own lambda: x -> ...");
        }
        return new NotShippableException("cannot send a lambda of " + maker + ": its type, "
                + type.getInterfaces()[0].getName()
                + ", is not serializable. Use manyjvm.parallel.Fn, Task or Action instead.");
    }

    /** Says in the user's words which part of a function cannot travel. */
    private static NotShippableException named(NotShippableException refused, boolean parts) {
        if (!(refused instanceof EncodingFailure failure) || failure.path().isEmpty()) {
            return refused;
        }
        if (parts && failure.path().size() > 1) {
            int captured = index(failure.path().get(1));
            return failure.named("a value that the lambda captured", "captured[" + captured + "]", 2, "");
        }
        return failure.named("the function", "function", 1, "");
    }

    /** The same of a variable's value. */
    private static NotShippableException named(NotShippableException refused, Closure.Variable variable) {
        if (!(refused instanceof EncodingFailure failure)) {
            return refused;
        }
        String kind = variable.ofWrapper() ? "notebook variable " : variable.ofConstant() ? "field " : "static field ";
        String user = variable.usedBy().isEmpty() ? "the lambda" : variable.usedBy();
        return failure.named(kind + variable.shownName(), variable.shownName(), 0, " (used by " + user + ")");
    }

    /** Of a path's step through an array, {@code [3]}. */
    private static int index(String step) {
        return Integer.parseInt(step.substring(1, step.length() - 1));
    }
}
