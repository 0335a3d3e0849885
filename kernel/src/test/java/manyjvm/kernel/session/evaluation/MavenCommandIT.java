package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import manyjvm.kernel.session.Session.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the {@code mvn} command, which builds this project and so is there. */
@Timeout(300)
class MavenCommandIT {
    @Test
    void library_comesWithWhatItNeeds() {
        try (SessionFixture cells = new SessionFixture()) {
            cells.value("int survivor = 3;");
            cells.value("%maven org.ow2.asm:asm-tree:9.9");
            assertThat(cells.out).contains("added 2 jars");
            assertThat(cells.value("new org.objectweb.asm.tree.InsnList().size() + survivor"))
                    .isEqualTo(3);
            assertThat(cells.session.classes().classPath()).hasSize(2);
            Outcome.Failed failed = cells.failure("%maven no.such.group:nothing:1");
            assertThat(failed.name()).isEqualTo("MagicError");
            assertThat(failed.message()).contains("mvn could not get no.such.group:nothing:1");
            assertThat(cells.value("survivor")).isEqualTo(3);
            assertThat(cells.failure("%maven org.ow2.asm:asm-bom:9.9").message())
                    .contains("GROUP:ARTIFACT:pom:VERSION");
            assertThat(cells.failure("%maven org.ow2.asm:asm-bom:pom:9.9").message())
                    .contains("brings no jar");
            assertThat(cells.session.classes().classPath()).hasSize(2);
        }
    }
}
