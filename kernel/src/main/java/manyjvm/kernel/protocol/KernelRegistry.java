package manyjvm.kernel.protocol;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.spi.KernelServices.ClassTransform;
import manyjvm.kernel.spi.Magic;

/** What extensions have registered for sessions. Safe for all threads. */
final class KernelRegistry implements SessionHost {
    private final List<Magic> magics = new CopyOnWriteArrayList<>();
    private final List<String> imports = new CopyOnWriteArrayList<>();
    private final List<Api> api = new CopyOnWriteArrayList<>();
    private final List<ClassTransform> classTransforms = new CopyOnWriteArrayList<>();

    KernelRegistry() {
        // On demand, so that a notebook's own display or input wins.
        imports.add("import static manyjvm.kernel.api.Notebook.*;");
        imports.add("import manyjvm.kernel.api.Notebook;");
        imports.add("import manyjvm.kernel.api.Content;");
        imports.add("import manyjvm.kernel.api.Renderers;");
        // What a user's type implements in order to render itself.
        api.add(new Api(
                DisplayDataRenderable.class,
                List.of(
                        "io.github.spencerpark.jupyter.kernel.display",
                        "io.github.spencerpark.jupyter.kernel.display.mime")));
    }

    @Override
    public List<Magic> magics() {
        return List.copyOf(magics);
    }

    @Override
    public List<String> imports() {
        return List.copyOf(imports);
    }

    @Override
    public List<Api> api() {
        return List.copyOf(api);
    }

    @Override
    public List<ClassTransform> classTransforms() {
        return List.copyOf(classTransforms);
    }

    synchronized void addMagic(Magic magic) {
        magics.removeIf(other -> other.name().equals(magic.name()));
        magics.add(magic);
    }

    void addImports(List<String> declarations) {
        imports.addAll(declarations);
    }

    void addApi(Class<?> anchor, List<String> packages) {
        api.add(new Api(anchor, packages));
    }

    void addClassTransform(ClassTransform transform) {
        classTransforms.add(transform);
    }
}
