namespace Suites.Clustering.Ambiguity;

/// <summary>
/// What CLAMS tells its regression of two components of a scatterplot: thirteen numbers of the published code, and the sine of its revised
/// form. Lengths are in the pair's own plot, whose larger axis is 1; what the code calls scaling are variances.
/// </summary>
public sealed record PairFeatures(double RotationDifference, double RotationSine, double RotationMean, double ScalingDifference,
    double MeanDifference, double ScalingSize, double ScalingSizeDifference, double MeanDifferenceByScaling, double EllipticityMean,
    double EllipticityDifference, double DensityMean, double DensityDifference, double AngleMean, double AngleDifference)
{
    internal static PairFeatures Of(ComponentShape one, ComponentShape other)
    {
        var apart = Length(one.X - other.X, one.Y - other.Y);
        var across = Math.Atan2(one.Y - other.Y, one.X - other.X) + Math.PI / 2;
        var (angle, otherAngle) = (Between(across, one.Angle), Between(across, other.Angle));
        // The published code divides both counts by the long axis of the first and the short one of the second.
        var area = one.Long * other.Short;
        return new(one.Angle - other.Angle, Math.Sin(one.Angle - other.Angle), (one.Angle + other.Angle) / 2,
            Length(one.Long - other.Long, one.Short - other.Short), apart, one.Size + other.Size, Math.Abs(one.Size - other.Size),
            apart / (one.Size + other.Size), (one.Ellipticity + other.Ellipticity) / 2, Math.Abs(one.Ellipticity - other.Ellipticity),
            (one.Points + other.Points) / (2 * area), Math.Abs(one.Points - other.Points) / area, (angle + otherAngle) / 2,
            Math.Abs(angle - otherAngle));
    }

    static double Length(double x, double y) => Math.Sqrt(x * x + y * y);

    static double Between(double across, double angle) => Math.Abs(across - angle) is var difference
        ? Math.Min(difference, Math.PI - difference) : 0;
}
