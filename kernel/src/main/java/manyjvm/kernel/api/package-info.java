/**
 * What cells may call of the kernel. Start reading at {@link manyjvm.kernel.api.Notebook}, whose static methods every
 * session imports.
 */
package manyjvm.kernel.api;
