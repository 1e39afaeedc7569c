package io.lvs4j.api.vrrp;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What an instance has counted since its router was started.
 *
 * @param advertsSent adverts that were sent, those of priority 0 too; to several unicast peers at
 *     once they count as one ({@code advert_sent})
 * @param advertsReceived adverts that were believed, those of priority 0 too ({@code advert_rcvd})
 * @param becameMaster how often it became master ({@code become_master})
 * @param releasedMaster how often it was master and ceased to be ({@code release_master})
 * @param priorityZeroSent adverts by which it gave the addresses up ({@code pri_zero_sent})
 * @param priorityZeroReceived adverts by which a master gave them up ({@code pri_zero_rcvd})
 * @param announcementsSent gratuitous ARPs and unsolicited neighbour advertisements
 * @param sendFailures adverts and announcements that this host refused to send
 * @param addressesRestored virtual addresses that somebody removed and that were put back
 * @param addressConflicts how often another station said that a virtual address held here is its
 *     own
 * @param internalErrors what failed by an error that is none of this host's answers, such as a lack
 *     of memory: in a message, a call of the host's network, a step of the election, a listener
 * @param errors what was wrong with adverts, by kind; those that never occurred are missing
 */
public record VrrpCounters(
    long advertsSent,
    long advertsReceived,
    long becameMaster,
    long releasedMaster,
    long priorityZeroSent,
    long priorityZeroReceived,
    long announcementsSent,
    long sendFailures,
    long addressesRestored,
    long addressConflicts,
    long internalErrors,
    Map<AdvertError, Long> errors) {

  /** Copies the errors. */
  public VrrpCounters {
    var copy = new EnumMap<AdvertError, Long>(AdvertError.class);
    copy.putAll(errors);
    errors = Collections.unmodifiableMap(copy);
  }

  /** Returns how many adverts had this error. */
  public long errors(AdvertError error) {
    return errors.getOrDefault(error, 0L);
  }
}
