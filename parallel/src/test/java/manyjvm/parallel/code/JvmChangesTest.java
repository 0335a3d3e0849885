package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Date;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class JvmChangesTest {
    /** As a class of a user's own is that sets no identifier. */
    private static final class NamelessZone extends TimeZone {
        private static final long serialVersionUID = 1L;

        @Override
        public int getOffset(int era, int year, int month, int day, int dayOfWeek, int milliseconds) {
            return getRawOffset();
        }

        @Override
        public int getRawOffset() {
            return 1234;
        }

        @Override
        public void setRawOffset(int milliseconds) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean useDaylightTime() {
            return false;
        }

        @Override
        public boolean inDaylightTime(Date date) {
            return false;
        }
    }

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
