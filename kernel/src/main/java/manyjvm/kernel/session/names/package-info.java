/**
 * Which class a simple name means where a session offers several. Start at {@link
 * manyjvm.kernel.session.names.NameChoices}.
 */
package manyjvm.kernel.session.names;
