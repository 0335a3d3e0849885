package manyjvm.magics;

import java.util.List;
import manyjvm.kernel.spi.KernelExtension;
import manyjvm.kernel.spi.KernelServices;
import manyjvm.magics.api.Magics;
import manyjvm.parallel.Pool;
import manyjvm.parallel.code.LambdaTransform;

/**
 * Brings the library into the kernel: the API and its names, the magics, the notebook's classes for workers, and a cell for
 * each worker's text.
 */
public final class MagicsExtension implements KernelExtension {
    /** The public types, those that their signatures need, and what transformed lambdas call. */
    private static final List<String> API =
            List.of("manyjvm.parallel", "manyjvm.parallel.spi", "manyjvm.parallel.combine");

    @Override
    public void start(KernelServices kernel) {
        register(kernel);
        TableLook.register(kernel.renderer());
    }

    static void register(KernelServices kernel) {
        kernel.addApi(Pool.class, API);
        kernel.addApi(Magics.class, List.of(Magics.class.getPackageName()));
        kernel.addClassTransform(LambdaTransform::apply);
        kernel.addImports(Imports.declarations());
        kernel.addMagic(new PoolMagic(Magics::pools));
        kernel.addMagic(new ProcessMagic(Magics::processNames));
        kernel.addMagic(new QueueMagic());
    }

    @Override
    public void close() {}
}
