namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>Which states of a recurrent network the readout is given.</summary>
public enum AnswerRule
{
    /// <summary>Those after the last step.</summary>
    Last,
    /// <summary>Their mean over all steps.</summary>
    Mean,
}
