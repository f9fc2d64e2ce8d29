namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>How an image becomes the input of each time step.</summary>
public enum InputCode
{
    /// <summary>The intensity itself, as a current, at every step.</summary>
    Direct,
    /// <summary>A spike with the intensity as its probability: new draws in training, one fixed draw in evaluation.</summary>
    Rate,
    /// <summary>Binary digits, the highest first, digit k as a spike of amplitude 2^-(k+1).</summary>
    Phase,
    /// <summary>One spike, the earlier the brighter, of amplitude 1 / step counted from 1.</summary>
    FirstSpike,
}
