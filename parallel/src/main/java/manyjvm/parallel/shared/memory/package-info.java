/** Files that all JVMs of a driver have mapped: values, arrays, and the locks in front of them. */
package manyjvm.parallel.shared.memory;
