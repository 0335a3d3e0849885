package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class JvmChangesTest {
    @Test
    void timeZoneWithoutAName_isTold_andStays() {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(new NamelessZone());
        try {
            JvmChanges changes = JvmChanges.now();
            assertThat(changes.values()).doesNotContainKey(JvmChanges.ZONE);
            assertThat(changes.staying()).contains("the default time zone, which has no name,");
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
