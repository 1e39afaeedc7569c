package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.keepalived.diagnostic.Diagnostics;
import io.lvs4j.keepalived.diagnostic.Suggestions;
import io.lvs4j.keepalived.keyword.KeywordTable;
import io.lvs4j.keepalived.script.VrrpNotification.Trigger;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one {@code vrrp_sync_group}. */
final class SyncGroupReader {
  private final Diagnostics diagnostics;
  private final Values values;
  private final TrackerReader trackerReader;
  private final Notifications notifications;
  private final List<Word> members = new ArrayList<>();
  private final List<Tracker> trackers = new ArrayList<>();
  private boolean weighted;

  SyncGroupReader(MappingContext context, TrackerReader trackers) {
    this.diagnostics = context.diagnostics();
    this.values = context.values();
    this.trackerReader = trackers;
    this.notifications = new Notifications(context);
  }

  /** Returns the handlers of vrrp_sync_group. */
  Handlers handlers() {
    var handlers = new Handlers(KeywordTable.VRRP_SYNC_GROUP);
    notifications.handle(
        handlers,
        List.of(Trigger.MASTER, Trigger.BACKUP, Trigger.FAULT, Trigger.STOP, Trigger.ANY));
    return handlers
        .on("group", this::group)
        .on("track_interface", s -> trackers.addAll(trackerReader.interfaces(s)))
        .on("track_script", s -> trackers.addAll(trackerReader.scripts(s)))
        .on("track_file", s -> trackers.addAll(trackerReader.files(s)))
        .on("sync_group_tracking_weight", s -> values.flag(s).ifPresent(f -> weighted = f));
  }

  private void group(Statement statement) {
    statement.statements().stream()
        .filter(entry -> !entry.told())
        .forEach(entry -> members.addAll(entry.words()));
  }

  /**
   * Returns the group, unless it has no members.
   *
   * @param instances the names of all instances that there are
   * @param taken those of them that are in another group; the members of this one are added
   */
  Optional<SyncGroup> read(Statement statement, Set<String> instances, Set<String> taken) {
    var name = values.word(statement, "a name");
    handlers().walk(statement.statements(), diagnostics);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    String subject = "vrrp_sync_group " + name.get().text();
    var known = new LinkedHashSet<String>();
    for (Word member : members) {
      if (instances.contains(member.text())) {
        if (known.contains(member.text()) || taken.add(member.text())) {
          known.add(member.text());
        } else {
          diagnostics.error(
              member.position(),
              subject
                  + ": "
                  + Diagnostics.quoted(member.text())
                  + " is in another group (expected: one group for an instance)");
        }
      } else {
        diagnostics.error(
            member.position(),
            subject
                + ": "
                + Diagnostics.quoted(member.text())
                + " (expected: the name of a vrrp_instance)",
            Suggestions.nearest(member.text(), instances));
      }
    }
    if (known.isEmpty()) {
      diagnostics.error(statement.position(), subject + ": no instance (expected: at least two)");
      return Optional.empty();
    }
    if (known.size() == 1) {
      diagnostics.warning(statement.position(), subject + ": one instance (expected: two or more)");
    }
    var builder = SyncGroup.builder(name.get().text());
    known.forEach(builder::instance);
    trackers.forEach(builder::track);
    if (weighted) {
      builder.weightedTracking();
    }
    notifications.listeners(true).forEach(builder::listener);
    try {
      return Optional.of(builder.build());
    } catch (InvalidConfigurationException e) {
      diagnostics.errors(statement.position(), e.problems());
      return Optional.empty();
    }
  }
}
