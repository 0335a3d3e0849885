package manyjvm.parallel.shared;

/**
 * What the home of a shared object answers, exactly once a call.
 *
 * @param status the kind's own code; negative for a refusal, whose reason is in {@code body} as UTF-8
 * @param body an encoded value, or an empty array
 */
public record SharedAnswer(int status, long number, byte[] body) {}
