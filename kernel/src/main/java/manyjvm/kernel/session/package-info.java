/**
 * The language side of the kernel: cells become JShell snippets, run in a class loader of their own, and fail in the words of
 * the cell. Start at {@link manyjvm.kernel.session.Session}, then {@link manyjvm.kernel.session.JavaSession}.
 */
package manyjvm.kernel.session;
