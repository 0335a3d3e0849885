package manyjvm.kernel.api;

import io.github.spencerpark.jupyter.kernel.display.Renderer;

/**
 * How a library gives its types a look: its jar names an implementation, public and with a public constructor without
 * parameters, in {@code META-INF/services/manyjvm.kernel.api.RendererProvider}. Found by {@link java.util.ServiceLoader} in what
 * cells have added to the class path, here and in workers, when a value is first shown that the JDK did not make.
 */
public interface RendererProvider {
    /** Called once for each class path that loads the library anew, as in workers. Must be quick, and load nothing that is not needed before one of the types is shown. */
    void addTo(Renderer registry);
}
