package manyjvm.parallel.shared.host;

import java.util.List;
import java.util.function.Function;
import manyjvm.parallel.shared.EncodedValue;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.Parts;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/**
 * What a host stores for the users.
 *
 * @param bytes an {@link EncodedValue}; not copied, do not change
 * @param hold keeps the shared objects that the value refers to, as long as the content is reachable
 */
record Content(byte[] bytes, Hold hold) {
    static final Content NOTHING = of(new byte[0]);

    /** What a request brings to be stored: each part as {@code content} makes it. */
    static List<Content> of(SharedRequest request, Function<byte[], Content> content) {
        return switch (SharedOperation.of(request)) {
            case PUT, PUT_WAITING, SEND, SET_AT -> List.of(content.apply(request.body()));
            case PUT_ENTRY, PUT_ENTRIES, PUT_ENTRY_IF, INSERT_AT, REPLACE_IF ->
                Parts.split(request.body()).stream().map(content).toList();
            default -> List.of();
        };
    }

    static Content of(byte[] bytes) {
        return new Content(bytes, Hold.NONE);
    }
}
