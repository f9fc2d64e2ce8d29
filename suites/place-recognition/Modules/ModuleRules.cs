namespace Suites.PlaceRecognition.Modules;

/// <summary>
/// The constants of a place module: Diehl and Cook's network (2015) as VPRSNN sets it. Times in ms, potentials in mV, conductances in units
/// of the leak.
/// </summary>
static class ModuleRules
{
    public const double Step = 0.5;
    public const int PresentedSteps = 700, RestSteps = 300;
    /// <summary>Hz for an intensity of 255.</summary>
    public const double MostRate = 63.75;
    public const double LongestDelay = 10;

    public const float RestPotential = -65, ResetPotential = -65, ThresholdOffset = -72, FirstTheta = 20, ThetaGain = 0.05f;
    public const float InhibitoryReversal = -100;
    public const double Membrane = 100;
    public const int Refractory = 10;

    public const float InhibitorRest = -60, InhibitorReset = -45, InhibitorThreshold = -40, InhibitorReversal = -85;
    public const double InhibitorMembrane = 10;
    public const int InhibitorRefractory = 4;

    public const double ExcitatoryTau = 1, InhibitoryTau = 0.5, ThetaTau = 1e7;
    public const float ToInhibitor = 10.4f, FromInhibitor = 17;
    /// <summary>Sum of the weights into a neuron, before each image that is learned.</summary>
    public const float WeightSum = 78;

    public const double PreTau = 20, PostTau = 20, SlowPostTau = 40;
    public const float PreRate = 1e-4f, PostRate = 1e-2f;
}
