package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.util.OptionalInt;
import java.util.function.Function;
import manyjvm.kernel.api.Content;
import manyjvm.kernel.api.Notebook;

/** The part of {@link Notebook} that is the same in each JVM: how values look there. */
public abstract class RenderingFrontEnd implements Notebook.FrontEnd {
    private final Rendering rendering;

    protected RenderingFrontEnd(Rendering rendering) {
        this.rendering = rendering;
    }

    protected final Rendering rendering() {
        return rendering;
    }

    @Override
    public final Content content(Object value, String... mimeTypes) {
        return Contents.of(rendering.renderAs(value, mimeTypes));
    }

    @Override
    public final Content picture(Object picture) {
        return Contents.of(rendering.picture(picture));
    }

    @Override
    public final Content table(Object rows, OptionalInt mostRows) {
        return Contents.of(TableLook.withText(Tables.of(rows, mostRows)));
    }

    @Override
    public final <T> void register(Class<T> type, String mimeType, Function<? super T, ?> look) {
        rendering.looks().register(type, mimeType, look);
    }

    @Override
    public final void unregister(Class<?> type) {
        rendering.looks().unregister(type);
    }

    @Override
    public final Renderer registry() {
        return rendering.registry();
    }
}
