package manyjvm.magics.lesson;

/** An item with its place among all items. */
public record Numbered<A>(int number, A item) {}
