package io.lvs4j.ipvs.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lvs4j.api.Persistence;
import io.lvs4j.api.RealServer;
import io.lvs4j.api.StartException;
import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.plane.Destination;
import io.lvs4j.ipvs.client.IpvsChange;
import io.lvs4j.ipvs.client.IpvsDestination;
import io.lvs4j.ipvs.client.IpvsService;
import io.lvs4j.ipvs.client.ServiceKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of the kernel's table, on a model of it. */
class TableKeeperTest {
  private static final RealServer A = RealServer.of("10.0.1.1", 80);
  private static final RealServer B = RealServer.of("10.0.1.2", 80);
  private static final VirtualServer WEB = VirtualServer.tcp("10.0.0.1", 80).build();
  private static final ServiceKey KEY = Translation.key(WEB.id());
  private static final IpvsService OTHER =
      IpvsService.of(ServiceKey.udp(InetAddress.ofLiteral("10.0.0.9"), 53), "rr");

  private final MemoryTable table = new MemoryTable();
  private final CountedServices counted = new CountedServices(table, () -> 0, () -> true);
  private final PlaneLog log = new PlaneLog(System::nanoTime);
  private final TableKeeper keeper = new TableKeeper(table, counted, log);
  private final List<ForeignEdit> told = new ArrayList<>();
  private TableLook look = look(ForeignServices.LEAVE, ForeignEdits.RESTORE);

  private TableLook look(ForeignServices services, ForeignEdits edits) {
    return new TableLook(table, keeper, counted, services, edits, told::add, log);
  }

  private static IpvsDestination server(RealServer server, int weight) {
    return Translation.destination(WEB, new Destination(server, weight));
  }

  private static DesiredService web(RealServer... servers) {
    return Translation.service(
        WEB, Stream.of(servers).map(each -> new Destination(each, 1)).toList());
  }

  private CompletableFuture<Void> does(Consumer<CompletableFuture<Void>> task) {
    var done = new CompletableFuture<Void>();
    task.accept(done);
    keeper.commit();
    return done;
  }

  private void serve() {
    assertThat(does(done -> keeper.add(WEB.id(), web(A, B), done))).isCompleted();
    table.takeChanges();
  }

  private void lookAtAll() {
    look.begin();
    while (look.isUnderWay()) {
      look.next();
    }
  }

  private ActualService found() {
    return Objects.requireNonNull(table.content().get(KEY));
  }

  @Test
  void whatAnEarlierLifeHasLeftIsTakenOverWithoutAnEdit() {
    table.put(Translation.settings(WEB), server(A, 1), server(B, 1));
    assertThat(does(done -> keeper.add(WEB.id(), web(A, B), done))).isCompleted();
    lookAtAll();
    assertThat(table.takeChanges()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void aChangeIsOneEdit() {
    serve();
    does(done -> keeper.change(WEB.id(), web -> web.with(server(A, 0)), done));
    assertThat(table.takeChanges())
        .containsExactly(new IpvsChange.SetDestination(KEY, server(A, 0)));
    does(done -> keeper.change(WEB.id(), web -> web.without(server(A, 0).key()), done));
    assertThat(table.takeChanges())
        .containsExactly(new IpvsChange.DeleteDestination(KEY, server(A, 0).key()));
    does(done -> keeper.change(WEB.id(), web -> web.with(server(A, 1)), done));
    assertThat(table.takeChanges())
        .containsExactly(new IpvsChange.AddDestination(KEY, server(A, 1)));
    does(done -> keeper.change(WEB.id(), web -> web.with(server(A, 1)), done));
    assertThat(table.takeChanges()).as("nothing is new").isEmpty();
  }

  @Test
  void servicesOfOthersAreLeftAloneUnlessToldOtherwise() {
    table.put(OTHER, server(A, 5));
    serve();
    lookAtAll();
    assertThat(table.takeChanges()).isEmpty();
    keeper.removeAll(false);
    assertThat(table.content()).containsOnlyKeys(OTHER.key());

    look = look(ForeignServices.REMOVE, ForeignEdits.RESTORE);
    lookAtAll();
    assertThat(table.content()).isEmpty();
    assertThat(told)
        .extracting(ForeignEdit::toString)
        .containsExactly(
            "UDP 10.0.0.9:53: changed by somebody else: not this director's; put right");
  }

  @Test
  void aLookCostsWhatHasChangedAndFindsTheRestInTurn() {
    for (int port = 1; port <= 320; port++) {
      var each = VirtualServer.tcp("10.0.0.7", port).build();
      var desired = Translation.service(each, List.of(new Destination(A, 1)));
      assertThat(does(done -> keeper.add(each.id(), desired, done))).isCompleted();
    }
    lookAtAll();
    table.takeListed();
    lookAtAll();
    assertThat(table.takeListed()).isEqualTo(320 / 16);

    var key = ServiceKey.tcp(InetAddress.ofLiteral("10.0.0.7"), 300);
    var thresholds = new IpvsDestination(server(A, 1).key(), server(A, 1).forwarding(), 1, 9, 3);
    table.edit(new IpvsChange.SetDestination(key, thresholds));
    for (int look = 0; look < 16; look++) {
      lookAtAll();
    }
    assertThat(told).extracting(ForeignEdit::service).containsExactly(key.toString());

    table.edit(new IpvsChange.SetDestination(key, server(A, 7)));
    table.pass(ServiceKey.tcp(InetAddress.ofLiteral("10.0.0.7"), 17), 1);
    lookAtAll();
    assertThat(told).hasSize(2);
    assertThat(counted.of(VirtualServer.tcp("10.0.0.7", 17).build().id()))
        .hasValueSatisfying(
            each -> assertThat(each.counters().departed().connections()).isEqualTo(1));
  }

  @Test
  void whatOthersChangeIsPutRightAndTold() {
    serve();
    table.edit(new IpvsChange.SetDestination(KEY, server(A, 7)));
    table.edit(new IpvsChange.DeleteDestination(KEY, server(B, 1).key()));
    lookAtAll();
    assertThat(found().byKey().values()).containsExactlyInAnyOrder(server(A, 1), server(B, 1));
    assertThat(table.takeChanges()).hasSize(2);
    assertThat(told)
        .extracting(ForeignEdit::toString)
        .containsExactly(
            "TCP 10.0.0.1:80: changed by somebody else: 10.0.1.2:80 deleted; 10.0.1.1:80: Masq"
                + " weight 7, not Masq weight 1; put right");
    lookAtAll();
    assertThat(told).as("told once").hasSize(1);

    table.edit(new IpvsChange.DeleteService(KEY));
    lookAtAll();
    assertThat(found().destinations()).hasSize(2);
    assertThat(told.getLast().changes()).containsExactly("service deleted");
  }

  @Test
  void whatOthersChangeIsLeftAloneWhereThatIsWanted() {
    look = look(ForeignServices.LEAVE, ForeignEdits.KEEP);
    serve();
    table.edit(new IpvsChange.SetDestination(KEY, server(A, 7)));
    lookAtAll();
    lookAtAll();
    assertThat(table.takeChanges()).isEmpty();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().restored()).isFalse();

    does(done -> keeper.change(WEB.id(), web -> web.with(server(B, 3)), done));
    assertThat(found().byKey().values()).containsExactlyInAnyOrder(server(A, 7), server(B, 3));
  }

  @Test
  void aRefusalByATableThatOthersChangedIsLookedAtAfresh() {
    serve();
    table.edit(new IpvsChange.DeleteDestination(KEY, server(A, 1).key()));
    var changed = does(done -> keeper.change(WEB.id(), web -> web.with(server(A, 4)), done));
    assertThat(changed).isCompleted();
    assertThat(found().byKey().values()).contains(server(A, 4));
  }

  @Test
  void anAnswerThatGotLostIsLookedAtAfresh() {
    table.fallSilent();
    assertThat(does(done -> keeper.add(WEB.id(), web(A, B), done))).isCompleted();
    assertThat(found().destinations()).hasSize(2);
  }

  @Test
  void aServiceThatIsRefusedForGoodIsToldAndNotKept() {
    table.refuse(IpvsChange.AddService.class::isInstance);
    var added = does(done -> keeper.add(WEB.id(), web(A), done));
    assertThat(catchThrowable(added::join)).hasCauseInstanceOf(StartException.class);
    assertThat(keeper.services()).isEmpty();
    table.refuse(_ -> false);
    serve();
  }

  @Test
  void ofAServiceThatIsRefusedInPartNothingIsLeftButWhatWasThere() {
    table.refuse(change -> change instanceof IpvsChange.AddDestination);
    assertThat(does(done -> keeper.add(WEB.id(), web(A), done))).isCompletedExceptionally();
    assertThat(table.content()).isEmpty();

    table.put(Translation.settings(WEB), server(B, 5));
    assertThat(does(done -> keeper.add(WEB.id(), web(A, B), done))).isCompletedExceptionally();
    assertThat(table.content()).containsKey(KEY);
    assertThat(keeper.services()).isEmpty();
    table.refuse(_ -> false);
    serve();
    assertThat(found().destinations()).containsExactly(server(A, 1), server(B, 1));
  }

  @Test
  void aChangeThatIsRefusedIsToldAndTriedAgainAtTheNextLook() {
    serve();
    table.refuse(IpvsChange.SetDestination.class::isInstance);
    var changed = does(done -> keeper.change(WEB.id(), web -> web.with(server(A, 4)), done));
    assertThat(catchThrowable(changed::join)).hasCauseInstanceOf(StartException.class);
    lookAtAll();
    assertThat(found().byKey().values()).contains(server(A, 1));
    table.refuse(_ -> false);
    lookAtAll();
    assertThat(found().byKey().values()).contains(server(A, 4));
    assertThat(told).as("nobody else did it").isEmpty();
  }

  @Test
  void aServiceThatIsRemovedLetsItsConnectionsEnd() {
    serve();
    table.connections(server(A, 1).key(), 2);
    assertThat(does(done -> keeper.remove(WEB.id(), done))).isCompleted();
    assertThat(found().destinations()).allMatch(each -> each.weight() == 0);
    lookAtAll();
    assertThat(table.content()).containsKey(KEY);
    table.connections(server(A, 1).key(), 0);
    lookAtAll();
    assertThat(table.content()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void aServiceThatIsRemovedKeepsNoClientOnItsServers() {
    var sticky = Persistence.byClientAddress(Duration.ofMinutes(1));
    var web = WEB.toBuilder().persistence(sticky).build();
    var desired = Translation.service(web, List.of(new Destination(A, 1)));
    does(done -> keeper.add(WEB.id(), desired, done));
    table.connections(server(A, 1).key(), 1);
    does(done -> keeper.remove(WEB.id(), done));
    assertThat(found().service().persistence()).isEmpty();
    does(done -> keeper.add(WEB.id(), desired, done));
    assertThat(found().service().persistence()).as("it is back").isPresent();
  }

  @Test
  void aServiceThatIsRemovedAndComesBackKeepsItsServers() {
    serve();
    table.connections(server(A, 1).key(), 2);
    does(done -> keeper.remove(WEB.id(), done));
    table.takeChanges();
    serve();
    assertThat(found().destinations()).containsExactly(server(B, 1), server(A, 1));
  }

  @Test
  void aServiceWithoutConnectionsIsDeletedAtOnceAndSoIsOneWhoseConnectionsAreDropped() {
    serve();
    does(done -> keeper.remove(WEB.id(), done));
    assertThat(table.content()).isEmpty();

    serve();
    table.connections(server(A, 1).key(), 2);
    does(done -> keeper.remove(WEB.id(), done));
    keeper.drop(WEB.id(), server(A, 1).key());
    keeper.drop(WEB.id(), server(B, 1).key());
    keeper.commit();
    assertThat(table.content()).isEmpty();
    assertThat(keeper.services()).isEmpty();
  }

  @Test
  void removedAndAddedInOneBreathItIsThere() {
    serve();
    keeper.remove(WEB.id(), new CompletableFuture<>());
    var added = does(done -> keeper.add(WEB.id(), web(A, B), done));
    assertThat(added).isCompleted();
    assertThat(found().destinations()).containsExactly(server(B, 1), server(A, 1));
  }

  @Test
  void whatIsNotToBeServedIsDeletedOfAnEarlierLife() {
    table.put(OTHER);
    table.put(Translation.settings(WEB), server(A, 1));
    keeper.withhold(WEB.id());
    keeper.commit();
    assertThat(table.content()).containsOnlyKeys(OTHER.key());
  }

  @Test
  void theCountersOfServersThatLeftAreTheServices() {
    serve();
    table.pass(KEY, 42);
    lookAtAll();
    var counters = counted.of(WEB.id()).orElseThrow().counters();
    assertThat(counters.departed().connections()).isEqualTo(42);
    assertThat(counters.destinations().keySet())
        .as("in the order in which they were added")
        .containsExactly(A.endpoint(), B.endpoint());
  }
}
