namespace Suites.Clustering.Neural.Networks;

/// <summary>Points whose coordinates are the pixels of a square image, row by row.</summary>
static class SquareImage
{
    /// <param name="multiple">The side must be a multiple of this.</param>
    /// <exception cref="TrainingFailedException">So many coordinates are no such image.</exception>
    public static int Side(int dimensions, int multiple)
    {
        var side = (int)Math.Round(Math.Sqrt(dimensions));
        return side * side == dimensions && side % multiple == 0 ? side
            : throw new TrainingFailedException($"Convolutions take square images of one channel whose side is a multiple of "
                + $"{multiple}, but the points have {dimensions} coordinates; choose network perceptron.");
    }
}
