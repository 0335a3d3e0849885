package manyjvm.parallel.code.graph;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.bytes.ByteInput;
import manyjvm.parallel.bytes.ByteOutput;
import org.jspecify.annotations.Nullable;

/** Java serialization's protocol: a class that says how it travels, or has such a superclass. */
final class HooksPlan extends ShapedPlan {
    private final Constructor<?> constructor;
    private final List<Level> levels;

    HooksPlan(Class<?> type, Constructor<?> constructor, List<Level> levels) {
        super(type);
        this.constructor = constructor;
        this.levels = Externalizable.class.isAssignableFrom(type)
                ? List.of(new Level(type, new String[0], new Class<?>[0], false))
                : levels.stream()
                        .filter(level -> level.hasHooks() || level.shape.names().length > 0)
                        .toList();
    }

    @Override
    List<Level> levels() {
        return levels;
    }

    @Override
    void write(GraphWriter writer, Object object) throws Throwable {
        writer.start(object, this);
        List<@Nullable Object> parts = new ArrayList<>();
        int @Nullable [] ends = levels.size() == 1 ? null : new int[levels.size()];
        collect(writer.hooks(), object, parts, writer.output(), ends);
        writer.open(this, object, parts.toArray(), false, ends);
    }

    @Override
    Class<?> holder(int index, int @Nullable [] ends) {
        int level = 0;
        while (ends != null && index >= ends[level]) {
            level++;
        }
        return levels.get(level).type;
    }

    private void collect(
            HookOutput hooks,
            Object object,
            List<@Nullable Object> parts,
            @Nullable ByteOutput output,
            int @Nullable [] ends)
            throws Throwable {
        for (int at = 0; at < levels.size(); at++) {
            Level level = levels.get(at);
            int before = parts.size();
            hooks.start(object, level, parts);
            if (object instanceof Externalizable external) {
                external.writeExternal(hooks);
            } else if (level.writeObject != null) {
                level.writeObject.invokeExact(object, (Object) hooks);
            } else {
                hooks.defaultWriteObject();
            }
            if (output != null) {
                ByteOutput block = hooks.block();
                output.writeUnsigned(block.size());
                output.writeBytes(block.backing(), 0, block.size());
                output.writeUnsigned(parts.size() - before);
            }
            if (ends != null) {
                ends[at] = parts.size();
            }
        }
    }

    /** Best effort: the order of parts is the class's own affair. */
    @Override
    String step(Object owner, @Nullable Object[] parts, int index) {
        Object part = parts[index];
        if (TypeNames.isOfJdk(type) && owner instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (entry.getValue() == part) {
                    return ".get(" + TypeNames.shortText(entry.getKey()) + ")";
                }
            }
        }
        if (TypeNames.isOfJdk(type) && owner instanceof Collection<?> collection) {
            int position = 0;
            for (Object element : collection) {
                if (element == part) {
                    return "[" + position + "]";
                }
                position++;
            }
        }
        try {
            // Collected once more, this time with the names of the fields.
            HookOutput hooks = new HookOutput();
            List<@Nullable String> names = hooks.keepNames();
            collect(hooks, owner, new ArrayList<>(), null, null);
            if (index < names.size() && names.get(index) != null) {
                return "." + names.get(index);
            }
        } catch (Throwable unreadable) {
            // The name is a courtesy in a message that is about something else, and comes with a substitute.
        }
        return ".(part " + (index + 1) + " of " + type.getSimpleName() + ")";
    }

    @Override
    GraphReader.Opener bind(List<LevelShape> shapes) {
        Level[] local = new Level[shapes.size()];
        for (int index = 0; index < local.length; index++) {
            local[index] = local(levels, shapes.get(index), type);
        }
        MethodHandle resolve = Serializable.class.isAssignableFrom(type) ? SerialHooks.readResolve(type) : null;
        return reader -> {
            Object shell = constructor.newInstance();
            ByteInput[] blocks = new ByteInput[local.length];
            int[] ends = new int[local.length];
            int parts = 0;
            for (int index = 0; index < local.length; index++) {
                blocks[index] = reader.input().slice(reader.input().readCount());
                parts = Math.addExact(parts, reader.input().readCount());
                ends[index] = parts;
            }
            reader.openHooked(shell, parts, resolve != null, (same, values) -> {
                HookInput hooks = reader.hooks();
                for (int index = 0; index < local.length; index++) {
                    Level level = local[index];
                    int start = index == 0 ? 0 : ends[index - 1];
                    hooks.start(shell, level, shapes.get(index), blocks[index], values, start, ends[index]);
                    if (shell instanceof Externalizable external) {
                        external.readExternal(hooks);
                    } else if (level.readObject != null) {
                        level.readObject.invokeExact(shell, (Object) hooks);
                    } else {
                        hooks.defaultReadObject();
                    }
                }
                return resolve == null ? shell : (Object) resolve.invokeExact(shell);
            });
        };
    }
}
