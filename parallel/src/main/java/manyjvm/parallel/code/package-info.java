/**
 * How code and values get from the JVM that submits work to the JVMs that do it: closure analysis, lambdas, snapshots of
 * variables, the format of object graphs, and the loaders of the receiving side. Start at {@link
 * manyjvm.parallel.code.CodePacker} (submitting) and {@link manyjvm.parallel.code.CodeStore} (receiving); the essay at the
 * head of {@code SessionPacker} explains what is hard about it.
 */
package manyjvm.parallel.code;
