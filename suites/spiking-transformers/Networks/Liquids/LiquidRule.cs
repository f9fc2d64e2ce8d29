namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>What changes the weights of a liquid.</summary>
public enum LiquidRule
{
    /// <summary>STDP whose depression follows the activity of the whole liquid, as an astrocyte would set it.</summary>
    Astrocyte,
    /// <summary>STDP whose depression is constant: the control.</summary>
    Stdp,
    /// <summary>Nothing: an ordinary liquid state machine.</summary>
    Fixed,
}
