package io.attune.pipeline.ml;

import io.attune.pipeline.bundle.ModelFiles;
import io.attune.schemas.failure.Failure;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.functions;
import scala.Tuple3;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Registers the SQL function {@value #FUNCTION}, if {@code spark.sql.extensions} names this class.
 *
 * <p>{@code attune_score(text)} returns for each head of the model the most probable class and the
 * probability of every class: {@code map<string, struct<label: string, probabilities: map<string,
 * float>>>}; null for null. The model is that of {@value #BUNDLE}, or the current one of {@value
 * #ROOT} and {@value #TASK} when the query is analysed. It reads one text at a time; for millions
 * of texts take {@link AttuneModel}, or the command {@code score}.
 */
public final class AttuneExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** Names the function. */
  public static final String FUNCTION = "attune_score";

  /** Names the setting with the folder of the model's bundle. */
  public static final String BUNDLE = "spark.attune.bundle";

  /** Names the setting with the root whose current model answers. */
  public static final String ROOT = "spark.attune.root";

  /** Names the setting with the task, if the root holds several. */
  public static final String TASK = "spark.attune.task";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    ExpressionInfo info = new ExpressionInfo(AttuneExtensions.class.getName(), null, FUNCTION);
    extensions.injectFunction(new Tuple3<>(new FunctionIdentifier(FUNCTION), info, new Builder()));
    return BoxedUnit.UNIT;
  }

  /** Makes the expression of a call. */
  private static final class Builder extends AbstractFunction1<Seq<Expression>, Expression> {
    @Override
    public Expression apply(Seq<Expression> arguments) {
      if (arguments.size() != 1) {
        throw new Failure.BadUsage(
            "%s takes one text, got %d arguments", FUNCTION, arguments.size());
      }
      SparkSession spark = SparkSession.active();
      ModelSource source =
          new ModelSource(setting(spark, BUNDLE), setting(spark, ROOT), setting(spark, TASK));
      Broadcast<ModelFiles> model =
          ModelSource.sent(spark, source.open(spark.sessionState().newHadoopConf()));
      return functions
          .udf(new TextFunction(model), TextFunction.TYPE)
          .withName(FUNCTION)
          .apply(new Column(arguments.head()).cast("string"))
          .expr();
    }

    private static String setting(SparkSession spark, String name) {
      return spark.conf().get(name, "");
    }
  }
}
