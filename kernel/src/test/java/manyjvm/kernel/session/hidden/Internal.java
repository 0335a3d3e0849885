package manyjvm.kernel.session.hidden;

/** On the kernel's class path, but in no package that cells may see. */
public final class Internal {}
