namespace Harness.Detection.Pairing;

/// <summary>A physical quantity as a logarithm in which more is worse, so that a difference of two is a relative change.</summary>
public static class Cost
{
    /// <exception cref="HarnessException">The value has no logarithm, or the quantity no bad direction.</exception>
    public static double Of(double value, Direction direction)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new HarnessException($"{value} cannot be compared as a ratio: a time, rate or size is positive; leave the run out.");
        return direction switch
        {
            Direction.Lower => Math.Log(value),
            Direction.Higher => -Math.Log(value),
            _ => throw new HarnessException("A neutral quantity has no worse direction; watch it as a count that must stay equal."),
        };
    }

    /// <summary>A difference of costs as people say it: 0.05 is "5 % more time", whatever the direction of the quantity.</summary>
    public static double AsShare(double difference) => Math.Exp(difference) - 1;
}
