package io.attune.jobs.submit;

import io.attune.schemas.failure.Failure;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.SecurityUtil;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.UserGroupInformation.AuthenticationMethod;

/** Logs a submission in to a cluster that requires Kerberos. */
final class Ticket {
  private static final Pattern REFUSED =
      Pattern.compile("Client cannot authenticate via:|GSSException|KrbException|LoginException");

  private Ticket() {}

  /**
   * Rejects a submission without Kerberos credentials to a cluster that requires them.
   *
   * @throws Failure.BadInput if there is neither a keytab nor a ticket nor a token
   */
  static void require(Configuration hadoop, Submission submission) {
    boolean isAsked = SecurityUtil.getAuthenticationMethod(hadoop) == AuthenticationMethod.KERBEROS;
    if (isAsked && keytab(submission).isEmpty() && !isThere(hadoop)) {
      throw lacking(submission);
    }
  }

  /**
   * Logs in with the keytab, if one is named; requests to the cluster are then made as its
   * principal.
   */
  static void logIn(Configuration hadoop, Submission submission) throws IOException {
    UserGroupInformation.setConfiguration(hadoop);
    Optional<String> keytab = keytab(submission);
    if (UserGroupInformation.isSecurityEnabled() && keytab.isPresent()) {
      UserGroupInformation.loginUserFromKeytab(principal(submission).orElse(""), keytab.get());
    }
  }

  /** Returns whether an exception reports that Kerberos authentication failed. */
  static boolean isMissing(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (REFUSED.matcher(at.toString()).find()) {
        return true;
      }
    }
    return false;
  }

  static Failure lacking(Submission submission) {
    return new Failure.BadInput(
        "the cluster asks for Kerberos, and there is no valid ticket: run kinit and look with klist,"
            + " or name spark.kerberos.principal and spark.kerberos.keytab in %s",
        submission.confName());
  }

  private static boolean isThere(Configuration hadoop) {
    try {
      UserGroupInformation.setConfiguration(hadoop);
      UserGroupInformation user = UserGroupInformation.getLoginUser();
      return user.hasKerberosCredentials() || user.getCredentials().numberOfTokens() > 0;
    } catch (IOException | IllegalArgumentException e) {
      if (isMissing(e)) {
        return false; // also if no realm is configured
      }
      throw new Failure.BadInput(e, "Hadoop does not say who submits: %s", e.getMessage());
    }
  }

  private static Optional<String> keytab(Submission submission) {
    return principal(submission).isEmpty()
        ? Optional.empty()
        : submission.option("--keytab").or(() -> submission.setting("spark.kerberos.keytab"));
  }

  private static Optional<String> principal(Submission submission) {
    return submission
        .option("--principal")
        .or(() -> submission.setting("spark.kerberos.principal"));
  }
}
