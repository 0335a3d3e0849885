package manyjvm.parallel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TimeZone;
import manyjvm.parallel.code.JvmChanges;
import manyjvm.parallel.code.NamelessZone;
import org.junit.jupiter.api.Test;

class JvmStateTest {
    @Test
    void timeZoneWithoutAName_givesWayToASubmissions() {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(new NamelessZone());
        try {
            JvmState state = new JvmState();
            state.become(new JvmChanges(Map.of(JvmChanges.ZONE, "Asia/Tokyo")));
            assertThat(TimeZone.getDefault().getID()).isEqualTo("Asia/Tokyo");
            state.become(JvmChanges.NONE);
            assertThat(TimeZone.getDefault().getID()).isNotNull().isNotEqualTo("Asia/Tokyo");
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
