/** The program: a Jupyter kernel for Java, and a runner of notebooks. Start reading at {@link manyjvm.kernel.Main}. */
package manyjvm.kernel;
