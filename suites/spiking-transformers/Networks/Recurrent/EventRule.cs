namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>When a unit of an event-based recurrent network says its value.</summary>
public enum EventRule
{
    /// <summary>Where its state is above its threshold, which is then taken off it.</summary>
    Threshold,
    /// <summary>At every step, and nothing is taken off: an ordinary gated recurrent unit, the control.</summary>
    Always,
}
