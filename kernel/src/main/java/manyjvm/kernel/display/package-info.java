/**
 * How values look in a notebook. Start reading at {@link manyjvm.kernel.display.Rendering}.
 */
package manyjvm.kernel.display;
