/**
 * Pictures and charts as front ends take them. Start reading at {@link manyjvm.kernel.display.picture.Pictures}. The only package
 * that names {@code java.desktop}, which is loaded with it.
 */
@NullMarked
package manyjvm.kernel.display.picture;

import org.jspecify.annotations.NullMarked;
