package manyjvm.bench;

import java.util.List;

/**
 * Something that people do, and the figures that it gives.
 *
 * @param name by which it is asked for, and which {@code pools.py} knows it by
 * @param cell the same in a cell of a notebook; each figure is printed by {@code figure(ID, VALUE)}, as often as it is taken
 */
record Workload(String name, String cell, List<Figure> figures) {}
