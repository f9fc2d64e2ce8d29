using System.Globalization;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>What one block did.</summary>
/// <param name="Weights">In the block.</param>
/// <param name="Moved">Weights that changed between kept and pruned; 0 where the energy would not have fallen.</param>
/// <param name="Foreseen">Change of the loss by the model that the solver was given.</param>
/// <param name="LossBefore">On the samples of the block.</param>
/// <param name="LossAfter">On the same samples.</param>
/// <param name="Seconds">Choice, gradients, model, solution and the loss after it.</param>
sealed record BlockStep(int Step, string Layer, int Weights, int Moved, double Foreseen, double LossBefore, double LossAfter,
    double Seconds)
{
    public double Measured => LossAfter - LossBefore;

    /// <summary>All steps in a sentence.</summary>
    public static string Told(IReadOnlyCollection<BlockStep> steps) => string.Create(CultureInfo.InvariantCulture,
        $"{steps.Count(step => step.Moved > 0)} of {steps.Count} blocks changed {steps.Sum(step => step.Moved)} weights in "
        + $"{steps.Sum(step => step.Seconds):F2} s; on their own samples the loss changed by {steps.Sum(step => step.Measured):F4}, and "
        + $"{steps.Sum(step => step.Foreseen):F4} was foreseen");
}
