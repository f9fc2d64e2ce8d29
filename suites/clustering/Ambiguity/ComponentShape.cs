namespace Suites.Clustering.Ambiguity;

/// <summary>A Gaussian in the plane as an ellipse.</summary>
/// <param name="Long">Variance along the long axis.</param>
/// <param name="Short">Variance along the short axis.</param>
/// <param name="Angle">Of the long axis with the x axis, 0 to π.</param>
/// <param name="Points">How many points were drawn to belong to it.</param>
sealed record ComponentShape(double X, double Y, double Long, double Short, double Angle, int Points)
{
    /// <param name="covariance">xx, xy, yx, yy.</param>
    public static ComponentShape Of(ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance, int points)
    {
        var (xx, xy, yy) = (covariance[0], covariance[1], covariance[3]);
        var (middle, half) = ((xx + yy) / 2, Math.Sqrt((xx - yy) * (xx - yy) / 4 + xy * xy));
        var angle = Math.Atan2(2 * xy, xx - yy) / 2;
        return new(mean[0], mean[1], middle + half, middle - half, angle < 0 ? angle + Math.PI : angle, points);
    }

    /// <summary>Moved and scaled as the axes of a plot are; variances are scaled by the same factor, as in the published code.</summary>
    public ComponentShape Scaled(double low, double range) => this with
    {
        X = (X - low) / range, Y = (Y - low) / range, Long = Long / range, Short = Short / range,
    };

    public double Size => Math.Sqrt(Long * Long + Short * Short);

    public double Ellipticity => Long / Short;
}
