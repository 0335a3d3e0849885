package manyjvm.parallel.code;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.RecentClasses;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.code.graph.ObjectCodec;
import manyjvm.parallel.spi.ClassSource;
import org.jspecify.annotations.Nullable;

/**
 * Packs functions of a session.
 *
 * <p><b>The hard part, explained once.</b> {@code pool.map(x -> f(x), items)} looks as if the lambda held all it needs. It
 * holds nothing. {@code f} is a static method of a wrapper class that the session made up, which no class path has; the
 * variables that {@code f} uses are static fields of other wrappers, so nothing captures them, and another JVM would read
 * them as 0 or null without a word; and the lambda itself is of a hidden class that only its own JVM can name.
 *
 * <pre>
 *   submitting JVM                                         |  worker JVM
 *                                                          |
 *   function --take apart--&gt; roots  (SerializedLambdas)    |
 *                  |                                       |
 *        +-----&gt; walk the bytecode  (Closures)             |
 *        |         |  classes, static fields               |
 *        |       read the fields now: the snapshot         |
 *        |         |                                       |
 *        +--new--encode {function, values...} as one graph |
 *         roots    |                                       |
 *                Bundle -----------------------------------+--&gt; define classes   (ShippedLoader)
 *                                                          |    decode the graph, rebuild the lambda
 *                                                          |    set the static fields, run  (ShippedCode)
 * </pre>
 *
 * <p>The loop is there because a closure depends on values as well as on code: a variable may hold a list of lambdas, whose
 * bodies use further variables. What lies inside a graph is known once it is encoded, so the packer looks at what the codec
 * met and starts again when that asks for more. What can be seen without encoding (a variable that <em>is</em> a lambda, or
 * captures one) is followed beforehand, so a second turn is rare.
 *
 * <p>It is one graph so that a list that a lambda captured and a variable holds is one list there too. Static initializers
 * of the user's types may run while it is decoded, before the fields are set; the variables that they read travel twice,
 * once ahead. Arguments may be lambdas as well: those that use variables bring them along in the argument's own graph.
 *
 * <p>For use by any thread: each call is a {@link Packing} of its own. Reading a static field of a user's type initializes that
 * type here, if nothing has yet.
 */
final class SessionPacker implements CodePacker {
    private final Session session;
    private final CopiedObjects copies;
    private final ObjectCodec codec;

    /** As long as a bundle, a list of references or {@link #shipped} has them. */
    private final WeakContents<ShippedClass> shippedByHash = new WeakContents<>();

    private final ArrayContents blobs;

    private final RecentClasses<ShippedClass> shipped = new RecentClasses<>(RecentClasses.KEPT, this::ship);

    SessionPacker(ClassSource source, Shared.Linker linker) {
        this.session = new Session(source, linker);
        this.copies = new CopiedObjects(session);
        this.codec = new ObjectCodec(new SessionHost(session));
        this.blobs = new ArrayContents(codec);
    }

    @Override
    public Bundle pack(Object function) {
        return pack(function, new Packing(session, copies)).bundle();
    }

    private Packing.Packed pack(Object function, Packing packing) {
        return packing.pack(function, this::references, () -> new BundleBlobs(blobs));
    }

    @Override
    public Explained explain(Object function) {
        Explaining explaining = new Explaining(session, codec);
        try {
            Packing.Packed packed = pack(function, new Packing(session, copies, explaining.refusals()));
            return new Explained(
                    explaining.of(packed, type -> shipped.get(type).classFile().length), Optional.of(packed.bundle()));
        } catch (NotShippableException refusal) {
            return new Explained(Explaining.of(refusal), Optional.empty());
        }
    }

    @Override
    public Encoded encode(@Nullable Object value) {
        return new Packing(session, copies).encodeArgument(value, List.of());
    }

    @Override
    public Encoded encode(@Nullable Object value, Bundle function) {
        return new Packing(session, copies).encodeArgument(value, function.fields());
    }

    @Override
    public @Nullable Object decode(byte[] bytes) {
        return codec.decode(bytes);
    }

    @Override
    public List<Bundle.ClassReference> references(Collection<Class<?>> sessionClasses) {
        List<ShippedClass> classes = new ArrayList<>(sessionClasses.size());
        for (Class<?> type : sessionClasses) {
            classes.add(shipped.get(type));
        }
        return new BundleClasses(classes);
    }

    @Override
    public byte[] classFile(Bundle.ClassReference reference) {
        return shippedByHash
                .get(reference.hash())
                .orElseThrow(() -> new IllegalArgumentException("the class " + reference.binaryName()
                        + " was not packed here, or the submission that it was packed for is gone"))
                .classFile();
    }

    /** One class file is kept once, however often it is asked for: what an older bundle has is what is found by its hash. */
    private ShippedClass ship(Class<?> type) {
        ShippedClass made = ShippedClass.of(type.getName(), session.source.bytes(type), session.source.isWrapper(type));
        return shippedByHash.shared(made.reference().hash(), made);
    }

    @Override
    public Optional<byte[]> classFile(String binaryName) {
        try {
            Class<?> type = session.source.find(binaryName);
            return session.source.defines(type) ? Optional.of(shipped.get(type).classFile()) : Optional.empty();
        } catch (ClassNotFoundException | LinkageError notOfTheSession) { // or it extends what is not
            return Optional.empty();
        }
    }

    @Override
    public byte[] blob(Bundle bundle, Bundle.BlobReference reference) {
        if (bundle.blobs() instanceof BundleBlobs contents) {
            return contents.content(reference);
        }
        throw new IllegalArgumentException("this bundle was not packed in this JVM");
    }
}
