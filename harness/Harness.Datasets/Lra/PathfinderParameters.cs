namespace Harness.Datasets.Lra;

/// <summary>How one Pathfinder image is drawn; the names are those of the published generator (Kim et al. 2020, Tay et al. 2021).</summary>
/// <param name="Padding">Pixels along the border that stay free.</param>
/// <param name="SeedDistance">Pixels between the first ends of the two long snakes.</param>
/// <param name="ContourLength">Paddles of each of the two long snakes.</param>
/// <param name="Margins">Free pixels between paddles; one is drawn for each image.</param>
/// <param name="Continuity">How straight a snake goes on: a turn Δ weighs cos²(min(Δ · continuity, π/2)).</param>
sealed record PathfinderParameters(int Side, int Padding, int SeedDistance, double MarkerRadius, int ContourLength, int PaddleLength,
    double PaddleThickness, IReadOnlyList<int> Margins, double Continuity, int DistractorLength, int Distractors, double Contrast)
{
    /// <summary>Long Range Arena's hard set at 32 × 32.</summary>
    public static PathfinderParameters Of32 { get; } =
        new(32, Padding: 1, SeedDistance: 7, MarkerRadius: 1.5, ContourLength: 14, PaddleLength: 2, PaddleThickness: 0.5, Margins: [1],
            Continuity: 1.0, DistractorLength: 14 / 3, Distractors: 20 / (14 / 3), Contrast: 2 * 0.75);

    /// <summary>Long Range Arena's hard set at 128 × 128 (Path-X).</summary>
    public static PathfinderParameters Of128 { get; } =
        new(128, Padding: 1, SeedDistance: 20, MarkerRadius: 3, ContourLength: 14, PaddleLength: 5, PaddleThickness: 1.5, Margins: [2, 3],
            Continuity: 1.8, DistractorLength: 14 / 3, Distractors: 35 / (14 / 3), Contrast: 0.9);
}
