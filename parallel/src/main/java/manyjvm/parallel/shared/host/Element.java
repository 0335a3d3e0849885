package manyjvm.parallel.shared.host;

import manyjvm.parallel.shared.Elements;

/**
 * What a queue or a list has.
 *
 * @param sequence by which it is removed; never used twice in one object
 */
record Element(long sequence, Content content) {
    Elements.Element copy() {
        return new Elements.Element(sequence, content.bytes());
    }
}
