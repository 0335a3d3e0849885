package manyjvm.parallel.shared.host;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.KeyForm;
import manyjvm.parallel.shared.Parts;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/**
 * Host of a Manager's map, set or namespace: entries in order of their first coming, found by the {@linkplain KeyForm form} of
 * their key. It runs no user code: what a user's function makes of a value is put by the asking JVM, if the entry still has
 * the version that the function was given.
 */
final class TableHost extends ManagedHost {
    private static final Entry NONE = new Entry(0, Content.NOTHING, Content.NOTHING);

    private record Entry(long version, Content key, Content value) {}

    /** By the form of the key, which a {@code ByteBuffer} compares and hashes by content. */
    private final Map<ByteBuffer, Entry> entries = new LinkedHashMap<>();

    private long versions;

    TableHost(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void serve(Caller caller, SharedOperation operation, SharedRequest request, List<Content> parts) {
        switch (operation) {
            case SIZE -> answer(caller, SharedAnswer.DONE, entries.size());
            case ENTRY -> {
                Entry present = entries.getOrDefault(ByteBuffer.wrap(request.body()), NONE);
                answer(caller, present == NONE ? SharedAnswer.NOT_NOW : SharedAnswer.DONE, present, false);
            }
            case PUT_ENTRY -> answer(caller, SharedAnswer.DONE, put(parts), true);
            case PUT_ENTRIES -> {
                int before = entries.size();
                for (int at = 0; at < parts.size(); at += Parts.OF_ENTRY) {
                    put(parts.subList(at, at + Parts.OF_ENTRY));
                }
                answer(caller, SharedAnswer.DONE, entries.size() - before);
            }
            case PUT_ENTRY_IF -> {
                Entry present =
                        entries.getOrDefault(ByteBuffer.wrap(parts.get(0).bytes()), NONE);
                if (present.version() == request.number()) {
                    put(parts);
                    answer(caller, SharedAnswer.DONE);
                } else {
                    answer(caller, SharedAnswer.NOT_NOW, present, false);
                }
            }
            case REMOVE_ENTRY -> {
                Entry removed = entries.remove(ByteBuffer.wrap(request.body()));
                if (removed == null) {
                    answer(caller, SharedAnswer.NOT_NOW);
                } else {
                    answer(caller, SharedAnswer.DONE, removed, true);
                }
            }
            case REMOVE_ENTRY_IF -> {
                ByteBuffer form = ByteBuffer.wrap(request.body());
                Entry present = entries.getOrDefault(form, NONE);
                if (present != NONE && present.version() == request.number()) {
                    entries.remove(form);
                    answer(caller, SharedAnswer.DONE);
                } else {
                    answer(caller, SharedAnswer.NOT_NOW, present, false);
                }
            }
            case ENTRIES -> giveAll(caller);
            default -> refuse(caller, operation);
        }
    }

    @Override
    void empty() {
        entries.clear();
    }

    private Entry put(List<Content> parts) {
        ByteBuffer form = ByteBuffer.wrap(parts.get(0).bytes());
        Entry before = entries.put(form, new Entry(++versions, parts.get(1), parts.get(2)));
        return before == null ? NONE : before;
    }

    private void answer(Caller caller, int status, Entry entry, boolean moved) {
        SharedAnswer answer =
                new SharedAnswer(status, entry.version(), entry.value().bytes());
        answer(caller, answer, entry.value(), moved);
    }

    private void giveAll(Caller caller) {
        List<Content> contents = new ArrayList<>(2 * entries.size());
        for (Entry entry : entries.values()) {
            contents.add(entry.key());
            contents.add(entry.value());
        }
        try {
            byte[] body = Parts.join(contents.stream().map(Content::bytes).toList());
            answer(caller, new SharedAnswer(SharedAnswer.DONE, entries.size(), body), contents, false);
        } catch (ParallelException beyond) {
            answer(caller, SharedAnswer.refused(tooBig(entries.size())));
        }
    }
}
