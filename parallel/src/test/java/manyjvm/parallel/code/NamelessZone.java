package manyjvm.parallel.code;

import java.util.Date;
import java.util.TimeZone;

/** As a class of a user's own is that sets no identifier. */
public final class NamelessZone extends TimeZone {
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
