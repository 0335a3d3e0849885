/**
 * The other side of the protocol: a client that starts a kernel of its own, and a runner of whole notebooks that needs
 * neither Jupyter nor Python. Start reading at {@link manyjvm.kernel.runner.JupyterClient}.
 */
@NullMarked
package manyjvm.kernel.runner;

import org.jspecify.annotations.NullMarked;
