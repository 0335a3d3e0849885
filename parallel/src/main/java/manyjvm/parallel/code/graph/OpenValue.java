package manyjvm.parallel.code.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import manyjvm.parallel.bytes.ByteInput;
import org.jspecify.annotations.Nullable;

/**
 * A value whose parts a {@link GraphReader} is reading, one after the other. Parts that refer to a value which is open itself
 * and has no shell stay empty, as gaps, until that value is made.
 */
final class OpenValue {
    /** A part that refers to a value which is still open and has no shell. */
    private record Gap(int part, int number) {}

    final GraphReader.Finisher finisher;
    final @Nullable Object shell; // null where it can only be made when all parts are there
    final @Nullable Object[] parts;
    final int number;

    /** Whether the shell is not what others shall see (it has a {@code readResolve}), or there is none. */
    final boolean last;

    int filled;

    private @Nullable List<Gap> gaps; // null for none

    OpenValue(
            GraphReader.Finisher finisher, @Nullable Object shell, @Nullable Object[] parts, int number, boolean last) {
        this.finisher = finisher;
        this.shell = shell;
        this.parts = parts;
        this.number = number;
        this.last = last;
    }

    /** The next part, read from the input. */
    void add(ByteInput input, @Nullable Object part) {
        try {
            parts[filled] = part;
        } catch (ArrayStoreException wrong) {
            throw input.damaged(
                    "a " + TypeNames.of(part) + " in a " + parts.getClass().getTypeName());
        }
        filled++;
    }

    /** The next part, which is the open value of this number. */
    void addGap(ByteInput input, int target) {
        if (gaps == null) {
            gaps = new ArrayList<>();
        }
        gaps.add(new Gap(filled, target));
        add(input, null);
    }

    boolean hasGaps() {
        return gaps != null;
    }

    /**
     * Fills the gaps with what has been made by now.
     *
     * @param numbered all values by their numbers, also open ones
     * @param unresolved whether shells will do that others are not meant to see
     * @return whether that was all
     */
    boolean fillGaps(ByteInput input, @Nullable Object[] numbered, boolean unresolved) {
        for (Gap gap : Objects.requireNonNull(gaps, "only what has gaps is late")) {
            Object target = numbered[gap.number()];
            if (target instanceof OpenValue open) {
                if (!unresolved || open.shell == null) {
                    return false;
                }
                target = open.shell;
            }
            try {
                parts[gap.part()] = target;
            } catch (ArrayStoreException wrong) {
                throw input.damaged("a " + TypeNames.of(target) + " in an array of another type");
            }
        }
        return true;
    }
}
