package io.attune.pipeline.storage;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * Explains an exception of a Hadoop file system, in terms of a user who can fix it. Servers send
 * their exceptions as text, so names are compared, not classes.
 *
 * @param cause such as {@code the NameNode is in safe mode}, with what the file system said
 * @param fix what to do about it
 */
record Diagnosis(String cause, String fix) {

  private record Kind(Predicate<String> shows, String cause, String fix) {}

  /**
   * Lists the known causes; the first that matches applies, since messages about tickets also look
   * like a lack of permissions.
   */
  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              any("Incomplete HDFS URI", "Uri without authority: hdfs:"),
              "it names no NameNode, and no Hadoop configuration was found that does",
              "set HADOOP_CONF_DIR to the folder that holds core-site.xml and hdfs-site.xml, or"
                  + " give a complete URI, such as hdfs://namenode:8020/attune"),
          new Kind(
              any(
                  "UnsupportedFileSystemException",
                  "No FileSystem for scheme",
                  "No AbstractFile",
                  "ClassNotFoundException: Class org.apache.hadoop.fs"),
              "this Hadoop has no file system of that scheme",
              "give a URI of a file system that it has, such as hdfs://namenode/attune, or a local"
                  + " folder, or add the file system's jar to --jars"),
          new Kind(
              any("UnknownHostException"),
              "no such host is known, and no nameservice of that name is configured",
              "correct the host in the root; for a nameservice set HADOOP_CONF_DIR to the folder whose"
                  + " hdfs-site.xml defines it"),
          new Kind(
              any("SafeModeException"),
              "the NameNode is in safe mode: it reads, and does not write",
              "wait until its DataNodes have reported (hdfs dfsadmin -safemode wait), and run again;"
                  + " if it does not end, look for missing blocks with hdfs fsck /"),
          new Kind(
              any("QuotaExceededException"),
              "its quota is used up",
              "remove datasets and checkpoints of old runs (never their intake and state), or have the"
                  + " quota raised; hdfs dfs -count -q -h shows it"),
          new Kind(
              any(
                  "GSSException",
                  "KrbException",
                  "Client cannot authenticate",
                  "SIMPLE authentication is not enabled",
                  "InvalidToken",
                  "LoginException",
                  "allow secure connections"),
              "the cluster asks for Kerberos, and there is no valid ticket",
              "run kinit and look with klist, or give the night a --principal and a --keytab, which"
                  + " do not expire with a ticket"),
          new Kind(
              any("could only be written to 0 of", "No space left", "DiskOutOfSpace"),
              "no disk behind it takes the bytes",
              "hdfs dfsadmin -report shows which DataNodes are alive and how full they are; where an"
                  + " executor says so, it is the disk of Spark's local folders on its host"),
          new Kind(
              any("BlockMissingException", "Could not obtain block"),
              "no DataNode that is alive has one of its blocks",
              "start the DataNodes that are down; hdfs fsck / shows what is missing; then run again"),
          new Kind(
              any("AccessControlException", "AccessDenied", "Permission denied"),
              "this user may not write there",
              "choose another root with --set root=..., or let this user write there (hdfs dfs"
                  + " -chown, -chmod)"),
          new Kind(
              any("StandbyException"),
              "no NameNode of the nameservice is active",
              "hdfs haadmin -getAllServiceState shows their states"),
          new Kind(
              any(
                  "ConnectException",
                  "NoRouteToHostException",
                  "ConnectTimeoutException",
                  "SocketTimeoutException",
                  "Connection refused",
                  "EOFException"),
              "it does not answer",
              "check that the NameNode runs, that host and port are right (hdfs getconf -confKey"
                  + " fs.defaultFS), and that no firewall is in between; then run again"));

  /** Matches messages that only a file system writes, whatever exception passes them on. */
  private static final Predicate<String> OF_FILES =
      any(
          "SafeModeException",
          "QuotaExceededException",
          "could only be written to 0 of",
          "No space left on device",
          "DiskOutOfSpace",
          "BlockMissingException",
          "StandbyException",
          "failed on connection exception",
          "failed on socket timeout exception",
          "End of File Exception between");

  private static final String OTHERWISE =
      "choose another root with --set root=..., or let this user write there";

  /** Explains an exception of a file system, from its message and those of its causes. */
  static Diagnosis of(Throwable thrown) {
    for (Kind kind : KINDS) {
      for (Throwable at : chain(thrown)) {
        if (kind.shows().test(said(at))) {
          return new Diagnosis(kind.cause() + " (" + firstLine(at) + ")", kind.fix());
        }
      }
    }
    return new Diagnosis(firstLine(thrown), OTHERWISE);
  }

  /** Explains an exception if a file system caused it; empty otherwise. */
  static Optional<Diagnosis> in(Throwable thrown) {
    return chain(thrown).stream().anyMatch(at -> OF_FILES.test(said(at)))
        ? Optional.of(of(thrown))
        : Optional.empty();
  }

  /** Returns an exception and its causes, the last cause last. */
  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable at = thrown; at != null && chain.size() < 20; at = at.getCause()) {
      chain.add(at);
    }
    return chain;
  }

  private static String said(Throwable thrown) {
    String name =
        thrown instanceof RemoteException remote
            ? remote.getClassName()
            : thrown.getClass().getName();
    return name + ": " + thrown.getMessage();
  }

  /**
   * Returns the user that the file system sees, which may differ from that of the operating system.
   */
  static String user() {
    try {
      return UserGroupInformation.getCurrentUser().getShortUserName();
    } catch (IOException e) {
      return System.getProperty("user.name");
    }
  }

  static String firstLine(Throwable thrown) {
    Throwable telling =
        thrown.getMessage() == null && thrown.getCause() != null ? thrown.getCause() : thrown;
    String message =
        telling.getMessage() == null ? telling.getClass().getSimpleName() : telling.getMessage();
    if (telling instanceof UnknownHostException) {
      message = "unknown host " + message;
    }
    return message.lines().findFirst().orElse(telling.getClass().getSimpleName());
  }

  private static Predicate<String> any(String... words) {
    return said -> List.of(words).stream().anyMatch(said::contains);
  }
}
