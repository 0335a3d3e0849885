package manyjvm.parallel.shared;

/**
 * What a home stores for the users.
 *
 * @param bytes a {@link Letter}; not copied, do not change
 * @param hold keeps the shared objects that the letter refers to, as long as the content is reachable
 */
record Content(byte[] bytes, Hold hold) {
    static Content of(byte[] bytes) {
        return new Content(bytes, Hold.NONE);
    }
}
