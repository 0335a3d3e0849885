/**
 * The Jupyter messaging protocol: sockets, messages, and the routing of requests to a {@link
 * manyjvm.kernel.session.Session} and of output to cells. Start reading at {@link manyjvm.kernel.protocol.Kernel}.
 */
@NullMarked
package manyjvm.kernel.protocol;

import org.jspecify.annotations.NullMarked;
