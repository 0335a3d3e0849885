package manyjvm.parallel.spi;

import manyjvm.parallel.OutputMode;

/** What a process was built with. A daemon ends with its driver, the others are waited for. */
public record ProcessSettings(String name, boolean daemon, JvmSettings jvm, OutputMode output) {}
