namespace Suites.PlaceRecognition.Modules;

/// <summary>Which neurons have no say in the answer.</summary>
public enum Silencing
{
    /// <summary>Those that fire for many reference images of places they have not learned.</summary>
    Hyperactive,
    /// <summary>As many of each module, drawn at random: the control.</summary>
    Random,
    /// <summary>None.</summary>
    None,
}
